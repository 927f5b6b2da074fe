import type { OperationOutput } from "@contentlib/contract";
import type { DiscFacts, ItemFacts, OvfFacts } from "../../domain/item-facts.ts";
import type { Remark } from "../../domain/package.ts";
import { given } from "../given.ts";
import { presentOvf } from "./present-ovf.ts";

type Shown = OperationOutput<"itemFact.get">;
type ShownImage = NonNullable<Shown["images"]>[number];

const isOvf = (facts: ItemFacts): facts is OvfFacts => "ovfVersion" in facts;

const presentImage = (image: DiscFacts["images"][number]): ShownImage => ({
  file: image.file,
  formats: [...image.formats],
  ...given({ volume_label: image.volumeLabel, volume_size: image.volumeBytes }),
  file_size: image.fileBytes,
  boots: [...image.boots],
  hybrid: image.isHybrid,
});

/** What content says of itself; nothing where it says nothing. (S97, S131) */
export const presentFacts = (facts: ItemFacts | null): Pick<Shown, "ovf" | "images"> => {
  if (facts === null) return {};
  return isOvf(facts)
    ? { ovf: presentOvf(facts) }
    : { images: facts.images.map((image) => presentImage(image)) };
};

/** What was found that did not keep the content out; nothing where nobody looked for it. (S131) */
export const presentRemarks = (remarks: readonly Remark[] | undefined): Pick<Shown, "findings"> =>
  remarks === undefined ? {} : { findings: remarks.map((remark) => ({ ...remark })) };
