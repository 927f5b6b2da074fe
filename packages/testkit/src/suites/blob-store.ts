import { describe } from "node:test";
import { describeArchives } from "./blob-store-archives.ts";
import { describeDigests } from "./blob-store-digests.ts";
import { describeLooking } from "./blob-store-looking.ts";
import { describePartials } from "./blob-store-partials.ts";
import { describePartialsChecked } from "./blob-store-partials-checked.ts";
import { describePartialsCut } from "./blob-store-partials-cut.ts";
import { describePartialsDigests } from "./blob-store-partials-digests.ts";
import { describePromoting } from "./blob-store-promoting.ts";
import { describeRanges } from "./blob-store-ranges.ts";
import { describeReading } from "./blob-store-reading.ts";
import { describeStaging } from "./blob-store-staging.ts";
import type { BlobStoreSubject } from "./blob-store-subject.ts";

/** What every `BlobStore` must do: each sentence of the port's documentation has a test here. */
export const blobStoreSuite = (name: string, subject: BlobStoreSubject): void => {
  describe(name, () => {
    describeStaging(subject);
    describeDigests(subject);
    describePartials(subject);
    describePartialsChecked(subject);
    describePartialsCut(subject);
    describePartialsDigests(subject);
    describeArchives(subject);
    describePromoting(subject);
    describeReading(subject);
    describeLooking(subject);
    describeRanges(subject);
  });
};
