import assert from "node:assert/strict";
import { test } from "node:test";
import { aDigest } from "@contentlib/testkit/builders/ids";
import type { ItemFile } from "../../domain/item.ts";
import { presentOriginal } from "./present-original.ts";

const digest = aDigest("a");
const file = (name: string, more: Partial<ItemFile> = {}): ItemFile => ({
  name,
  digest,
  sizeBytes: 5,
  checksum: { algorithm: "SHA256", hex: digest },
  version: 1,
  ...more,
});

test("the archive that files came in is told, with what a download of it is held against", () => {
  const within = { archive: digest, archiveBytes: 9, offsetBytes: 2 };
  const archive = file("vm.ova", { sizeBytes: 9, isOriginal: true });
  assert.deepEqual(presentOriginal([file("vm.ovf", { within }), archive]), {
    original: {
      name: "vm.ova",
      size: 9,
      checksum_info: { algorithm: "SHA256", checksum: digest },
    },
  });
});

test("files that came by themselves have none", () => {
  assert.deepEqual(presentOriginal([file("vm.ovf"), file("vm.ova")]), {});
  assert.deepEqual(presentOriginal([]), {});
});
