import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aDigest } from "@contentlib/testkit/builders/ids";
import { anArchiveMember } from "@contentlib/testkit/builders/archives";
import { anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { aPushedFile, aReadyReceipt } from "@contentlib/testkit/builders/sessions";
import type { ItemFile } from "./item.ts";
import { blobOf, shownFiles } from "./item.ts";
import { itemSizeBytes } from "./plan-item.ts";
import { type FileRules, planFiles, planPromotions, readyFiles } from "./planned-files.ts";
import { keptFile } from "./session-file/kept.ts";
import type { SessionFile } from "./update-session.ts";

const RULES: FileRules = { isKept: (name) => !/\.(mf|cert)$/.test(name), opensArchives: true };
const PLAIN: FileRules = { isKept: () => true, opensArchives: false };

const members = [
  anArchiveMember({ name: "vm.ovf", offsetBytes: 512, sizeBytes: 100 }),
  anArchiveMember({ name: "vm.mf", offsetBytes: 1536, sizeBytes: 50 }),
  anArchiveMember({ name: "disk.vmdk", offsetBytes: 2560, sizeBytes: 1000 }),
];
const receipt = aReadyReceipt({
  digest: aDigest("vm.ova"),
  sizeBytes: 5120,
  archive: { members, findings: [] },
});
const archive = aPushedFile({ name: "vm.ova", receipt });
const within = { archive: receipt.digest, archiveBytes: 5120 };

/** The files of an item that the archive was completed into. */
const opened = (): readonly ItemFile[] => planFiles(anItem(), [archive], RULES);
const item = anItem({ files: opened() });
const keptOf = (...names: string[]): readonly SessionFile[] =>
  shownFiles(item.files)
    .filter(({ name }) => names.includes(name))
    .map(keptFile);
const ALL = ["vm.ovf", "disk.vmdk"];
const summary = (files: readonly ItemFile[]) =>
  files.map(({ name, version, isOriginal = false }) => [name, version, isOriginal]);

describe("S125: an archive that is completed", () => {
  test("gives the item its members, where they are in it, and itself as their original", () => {
    const [ovf, disk, original] = opened();
    const [first, , third] = members;
    const hexOf = (member = first) => member?.checksums[0]?.hex;
    const known = (hex = "") => ({ digest: hex, checksum: { algorithm: "SHA256", hex } });
    const version = 1;
    assert.deepEqual(ovf, {
      ...known(hexOf()),
      name: "vm.ovf",
      sizeBytes: 100,
      version,
      within: { ...within, offsetBytes: 512 },
    });
    assert.deepEqual(disk, {
      ...known(hexOf(third)),
      name: "disk.vmdk",
      sizeBytes: 1000,
      version,
      within: { ...within, offsetBytes: 2560 },
    });
    const { digest, sizeBytes, checksum } = receipt;
    const isOriginal = true;
    const own = { name: "vm.ova", digest, sizeBytes, checksum };
    assert.deepEqual(original, { ...own, version, isOriginal });
    assert.equal(itemSizeBytes(item), 1100);
    for (const file of item.files) assert.deepEqual(blobOf(file), { digest, sizeBytes });
  });

  test("is promoted once, and nothing of it is released", () => {
    const { stagedId, digest } = receipt;
    assert.deepEqual(planPromotions(readyFiles([archive]), RULES), {
      promotions: [{ stagedId, digest }],
      release: [],
    });
  });

  test("is a plain file where files mean nothing to the server", () => {
    assert.deepEqual(summary(planFiles(anItem(), [archive], PLAIN)), [["vm.ova", 1, false]]);
  });
});

describe("S123: the files that an item had when an archive comes", () => {
  const former = anItem({
    files: ["a.txt", "disk.vmdk", "old.ovf"].map((name) => anItemFile({ name, version: 3 })),
  });

  test("leave it; what has the name of a member is replaced in its place", () => {
    const files = [...former.files.map(keptFile), archive];
    assert.deepEqual(summary(planFiles(former, files, RULES)), [
      ["disk.vmdk", 4, false],
      ["vm.ovf", 1, false],
      ["vm.ova", 1, true],
    ]);
  });

  test("so does another archive with its members, also where it has the same name", () => {
    const files = [...keptOf(...ALL), archive];
    assert.deepEqual(summary(planFiles(item, files, RULES)), [
      ["vm.ovf", 2, false],
      ["disk.vmdk", 2, false],
      ["vm.ova", 2, true],
    ]);
    const other = aPushedFile({ name: "new.ova", receipt: { ...receipt, digest: aDigest("new") } });
    assert.deepEqual(summary(planFiles(item, [...keptOf(...ALL), other], RULES)), [
      ["vm.ovf", 2, false],
      ["disk.vmdk", 2, false],
      ["new.ova", 1, true],
    ]);
  });
});

describe("S126: the archive that the files of an item came in", () => {
  test("stays where all of them stay, whatever comes beside them", () => {
    assert.deepEqual(planFiles(item, keptOf(...ALL), RULES), item.files);
    const nvram = aPushedFile({ name: "vm.nvram", receipt: aReadyReceipt() });
    assert.deepEqual(summary(planFiles(item, [...keptOf(...ALL), nvram], RULES)), [
      ["vm.ovf", 1, false],
      ["disk.vmdk", 1, false],
      ["vm.ova", 1, true],
      ["vm.nvram", 1, false],
    ]);
  });

  test("leaves with the first that is removed or replaced, and the others stay within it", () => {
    const disk = aPushedFile({ name: "disk.vmdk", receipt: aReadyReceipt() });
    for (const files of [keptOf("vm.ovf"), [...keptOf("vm.ovf"), disk]]) {
      const next = planFiles(item, files, RULES);
      assert.ok(next.every(({ isOriginal }) => isOriginal !== true));
      assert.equal(next[0]?.within?.archive, receipt.digest);
    }
    assert.deepEqual(planFiles(item, [], RULES), []);
  });

  test("is gone for good: it does not come back with the last of its files", () => {
    const rest = anItem({ files: planFiles(item, keptOf("vm.ovf"), RULES) });
    assert.deepEqual(summary(planFiles(rest, rest.files.map(keptFile), RULES)), [
      ["vm.ovf", 1, false],
    ]);
  });

  test("gives way to a plain file of its name", () => {
    const plain = aPushedFile({ name: "vm.ova", receipt: aReadyReceipt() });
    assert.deepEqual(summary(planFiles(item, [...keptOf(...ALL), plain], PLAIN)), [
      ["vm.ovf", 1, false],
      ["disk.vmdk", 1, false],
      ["vm.ova", 2, false],
    ]);
  });
});
