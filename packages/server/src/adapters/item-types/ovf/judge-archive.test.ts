import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { faultOf } from "@contentlib/contract/vocabulary";
import { aDigest } from "@contentlib/testkit/builders/ids";
import { storeBytes } from "@contentlib/testkit/bytes/stage-bytes";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import type { ArchiveContents } from "../../../domain/archive.ts";
import type { PackageFile } from "../../../domain/package.ts";
import type { TypedFiles } from "../../../ports/item-type.ts";
import { MemoryBlobStore } from "../../blobs/memory/memory-blob-store.ts";
import { OvfItemType } from "./ovf-item-type.ts";

const DISK = "vm-disk1.vmdk";

const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/** An archive as a session has it whose bytes have passed, and how its files are judged. */
const rig = async (files: Readonly<Record<string, string>>) => {
  const store = new MemoryBlobStore({ clock: { now: () => 0 } });
  const bytes = ovaOf(files);
  const digest = await storeBytes(store, bytes);
  let from = 0;
  const members = Object.entries(files).map(([name, content]) => {
    const offsetBytes = from + 512;
    const sizeBytes = Buffer.byteLength(content);
    from = offsetBytes + Math.ceil(sizeBytes / 512) * 512;
    const checksums = [{ algorithm: "SHA256", hex: sha256(content) }] as const;
    return { name, offsetBytes, sizeBytes, checksums };
  });
  const opened: string[] = [];
  const judge = async (
    contents: Partial<ArchiveContents> = {},
    beside: readonly PackageFile[] = [],
  ) => {
    const archive = { members, findings: [], ...contents };
    const file = { name: "x.ova", digest, sizeBytes: bytes.length, checksums: [], archive };
    const given: TypedFiles = {
      itemName: "appliance",
      files: [file, ...beside],
      awaited: [],
      // What lies in the range is a blob of its own here.
      open: async (opening, range) => {
        assert.equal(opening.name, "x.ova");
        const part = bytes.subarray(range?.start, range?.endExclusive);
        opened.push(part.toString());
        return await store.open(await storeBytes(store, part));
      },
      rejectsBadImages: false,
      trusted: [],
      now: 0,
    };
    return await type.judge(given);
  };
  const type = new OvfItemType();
  return { judge, opened, members };
};

describe("S120: the members of an archive", () => {
  test("are judged as files, of which those that tell of others are read once, where they are", async () => {
    const { judge, opened } = await rig(archivedFiles());
    for (let turn = 0; turn < 2; turn += 1) {
      const { faults, missing, wanted, preview, facts } = await judge();
      assert.deepEqual({ faults, missing, wanted }, { faults: [], missing: [], wanted: [] });
      assert.deepEqual(preview, { state: "AVAILABLE", warnings: [] });
      assert.ok(facts !== null && "disks" in facts);
      assert.equal(facts.disks.length, 1);
    }
    assert.equal(opened.length, 2, "the descriptor and the manifest");
    assert.match(opened.join(), /<Envelope|<\?xml/);
    assert.match(opened.join(), /SHA256\(/);
  });

  test("want digests by archive and member", async () => {
    const { judge, members } = await rig(archivedFiles({ algorithm: "SHA1" }));
    const { wanted, faults } = await judge();
    const name = "x.ova";
    const algorithm = "SHA1";
    assert.deepEqual(faults, []);
    assert.deepEqual(wanted, [
      { name, member: "vm.ovf", algorithm },
      { name, member: DISK, algorithm },
    ]);
    const known = members.map((member) => ({
      ...member,
      checksums: [...member.checksums, { algorithm: "SHA1", hex: "0".repeat(40) } as const],
    }));
    const judged = await judge({ members: known });
    assert.deepEqual(judged.wanted, []);
    assert.deepEqual(
      judged.faults.map((fault) => [fault.name, fault.isWrong, fault.code]),
      [
        ["x.ova", true, "manifest.digest_differs"],
        ["x.ova", true, "manifest.digest_differs"],
      ],
    );
    assert.match(judged.faults[0]?.text ?? "", /^x\.ova: vm\.mf:1: /);
  });

  test("say nothing where the archive could not be read to its end; warnings keep nothing out", async () => {
    const { judge, opened, members } = await rig(archivedFiles());
    const finding = {
      code: "archive.truncated",
      isError: true,
      text: "@512: It ends.",
      mend: "Mend.",
    };
    const { faults, preview, facts } = await judge({
      members: members.slice(0, 1),
      findings: [{ ...finding, isError: false }, finding],
    });
    const { code, mend } = finding;
    const text = "x.ova@512: It ends.";
    assert.deepEqual(faults, [{ name: "x.ova", text, mend, code, isWrong: true }]);
    assert.deepEqual([preview, facts], [{ state: "PREPARING" }, null]);
    assert.deepEqual(opened, []);
    assert.deepEqual((await judge({ findings: [{ ...finding, isError: false }] })).faults, []);
  });

  test("S121: files beside it stand in its way, and are not to blame", async () => {
    const { judge } = await rig(archivedFiles());
    const digest = aDigest();
    const { faults } = await judge({}, [{ name: "a.txt", digest, sizeBytes: 1, checksums: [] }]);
    assert.deepEqual(
      faults.map((fault) => [fault.name, fault.isWrong]),
      [["a.txt", false]],
    );
  });

  test("lack a descriptor that is called as the archive is", async () => {
    const { judge } = await rig({ "a.txt": "a" });
    const { missing, preview } = await judge();
    assert.deepEqual(
      missing.map(({ name }) => name),
      ["x.ovf"],
    );
    assert.deepEqual(preview, { state: "UNAVAILABLE" });
  });
});

/** How the files are judged that have come one by one. */
const judgedAlone = async (files: Readonly<Record<string, string>>) => {
  const store = new MemoryBlobStore({ clock: { now: () => 0 } });
  const stored = await Promise.all(
    Object.entries(files).map(async ([name, content]): Promise<PackageFile> => {
      const digest = await storeBytes(store, Buffer.from(content));
      return { name, digest, sizeBytes: Buffer.byteLength(content), checksums: [] };
    }),
  );
  return await new OvfItemType().judge({
    itemName: "x",
    files: stored,
    awaited: [],
    open: (file) => store.open(file.digest),
    rejectsBadImages: false,
    trusted: [],
    now: 0,
  });
};

describe("S120: a package in an archive and the same one file by file", () => {
  const signers = [aSignerCertificate()] as const;
  const sound = archivedFiles();
  const signed = archivedFiles({ signers });
  const without = (files: Readonly<Record<string, string>>, name: string) => {
    const { [name]: _, ...rest } = files;
    return rest;
  };
  for (const [what, files] of Object.entries({
    "that is sound": sound,
    "without a manifest": archivedFiles({ algorithm: null }),
    "that is signed": signed,
    "with another disk than the manifest's": { ...signed, [DISK]: "bytes of a fisk" },
    "with a shorter disk": { ...archivedFiles({ algorithm: null }), [DISK]: "short" },
    "that lacks its disk": without(sound, DISK),
    "that lacks its descriptor": without(sound, "vm.ovf"),
    "whose certificate has no manifest": without(signed, "vm.mf"),
    "with another manifest than was signed": { ...signed, "vm.mf": `${sound["vm.mf"]}\n` },
    "with two descriptors": { ...sound, "other.ovf": sound["vm.ovf"] ?? "" },
    "with a file that nobody names": { ...signed, "readme.txt": "a" },
  }))
    test(`come to the same: ${what}`, async () => {
      const alone = await judgedAlone(files);
      const { judge } = await rig(files);
      const within = await judge();
      const codes = ({ faults }: typeof alone) => faults.map(({ code }) => code);
      assert.deepEqual(codes(within), codes(alone));
      const { missing, preview, facts, verification } = alone;
      assert.deepEqual(
        within.missing.map(({ name }) => name),
        missing.map(({ name }) => name),
      );
      assert.deepEqual([within.preview, within.facts], [preview, facts]);
      assert.deepEqual(within.verification, verification);
    });
});

describe("S121: names beside an archive", () => {
  const type = new OvfItemType();
  const pushed = (name: string) => ({ name, isPushed: true });
  const kept = (name: string) => ({ name, isPushed: false });

  test("are refused, both ways round", () => {
    assert.deepEqual(
      type.checkAdd(pushed("vm.mf"), [pushed("x.OVA"), kept("vm.ovf")]),
      faultOf("update_session.archive_alone", "x.OVA", "vm.mf"),
    );
    assert.deepEqual(
      type.checkAdd(pushed("x.ova"), [kept("vm.ovf"), pushed("a")]),
      faultOf("update_session.not_alone", "x.ova", "a"),
    );
  });

  test("are taken where the item has them, where one is taken back, or the archive is added again", () => {
    assert.equal(type.checkAdd(pushed("x.ova"), [kept("vm.ovf"), kept("a"), kept("y.ova")]), null);
    assert.equal(type.checkAdd(kept("a"), [pushed("x.ova")]), null);
    assert.equal(type.checkAdd(pushed("x.ova"), [pushed("x.ova")]), null);
    assert.equal(type.checkAdd(pushed("a"), [kept("x.ova")]), null);
  });

  test("S122: an archive is told by how its name ends", () => {
    assert.deepEqual(["x.ova", "X.OVA", "x.ova.gz", "ova"].map(type.isArchive), [
      true,
      true,
      false,
      false,
    ]);
  });
});
