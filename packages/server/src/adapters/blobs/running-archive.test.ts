import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { knownArchive, type PlannedMember, TAR_FORMS } from "@contentlib/testkit/ovf/archive-bytes";
import { manifestText } from "@contentlib/testkit/ovf/sound-package";
import { tarEnd, tarHeader, tarMember } from "@contentlib/testkit/ovf/tar-writer";
import { MANIFEST_BYTES_MAX } from "@contentlib/ovf";

import type { ArchiveContents } from "../../domain/archive.ts";
import { RunningArchive } from "./running-archive.ts";

const MANIFEST = manifestText({ "x.ovf": "text" }, "SHA512");

const PACKAGE: readonly PlannedMember[] = [
  { name: "x.ovf", body: "text" },
  { name: "X.MF", body: MANIFEST },
  { name: "disk.vmdk", body: Buffer.alloc(700, "disk"), algorithms: ["SHA512"] },
];

const contentsOf = (...pieces: readonly Uint8Array[]): ArchiveContents => {
  const archive = RunningArchive.begin();
  for (const piece of pieces) archive.update(piece);
  return archive.contents();
};

const algorithmsOf = ({ members }: ArchiveContents, name: string): readonly string[] =>
  (members.find((member) => member.name === name)?.checksums ?? []).map(
    ({ algorithm }) => algorithm,
  );

for (const form of TAR_FORMS)
  test(`an archive of the form ${form} is seen through in pieces of any size, and by a copy made anywhere`, () => {
    const { bytes, contents } = knownArchive(PACKAGE, { form });
    let archive = RunningArchive.begin();
    for (let at = 0; at < bytes.length; at += 1) {
      const before = archive;
      archive = archive.copy();
      archive.update(bytes.subarray(at, at + 1));
      // What one that was copied goes on with is its own.
      before.update(Buffer.alloc(1, "x"));
      assert.equal(archive.atBytes, at + 1);
    }
    assert.deepEqual(archive.contents(), contents);
    assert.deepEqual(contentsOf(bytes), contents);
  });

test("what there is to tell before the end changes nothing of what follows", () => {
  const { bytes, contents } = knownArchive(PACKAGE);
  const archive = RunningArchive.begin();
  archive.update(bytes.subarray(0, 1000));
  assert.deepEqual(
    archive.contents().findings.map(({ code }) => code),
    [],
  );
  archive.update(bytes.subarray(1000, 1600));
  assert.deepEqual(
    archive.contents().findings.map(({ code, isError, text }) => [code, isError, text]),
    [
      [
        "archive.truncated",
        true,
        `@1024: The archive ends within X.MF: 64 of ${MANIFEST.length} bytes are there.`,
      ],
    ],
  );
  archive.update(bytes.subarray(1600));
  assert.deepEqual(archive.contents(), contents);
});

test("a manifest counts for the members behind it, for each algorithm that it has", () => {
  const { bytes, contents } = knownArchive([
    { name: "a", body: "a" },
    { name: "x.mf", body: `${manifestText({ a: "a" }, "SHA1")}no line\n${MANIFEST}` },
    { name: "b", body: "b", algorithms: ["SHA1", "SHA512"] },
    { name: "y.mf", body: "SHA256(b)=", algorithms: ["SHA1", "SHA512"] },
    { name: "c", body: "c", algorithms: ["SHA1", "SHA512"] },
  ]);
  assert.deepEqual(contentsOf(bytes), contents);
});

test("manifests are read as far as one may be long, all of them together", () => {
  const filler = Buffer.alloc(MANIFEST_BYTES_MAX - MANIFEST.length, "\n");
  // One byte more would take its last line feed only.
  const [inside, beyond] = [filler, Buffer.concat([filler, Buffer.from("\n\n")])].map((rest) =>
    contentsOf(
      knownArchive([
        { name: "w.mf", body: rest },
        { name: "x.mf", body: MANIFEST },
        { name: "b", body: "b" },
      ]).bytes,
    ),
  );
  assert.ok(inside && beyond);
  assert.deepEqual(algorithmsOf(inside, "b"), ["SHA256", "SHA512"]);
  assert.deepEqual(algorithmsOf(beyond, "b"), ["SHA256"]);
  const whole = createHash("sha256").update(MANIFEST).digest("hex");
  assert.equal(beyond.members[1]?.checksums[0]?.hex, whole);
});

test("nothing is told of what an archive that was refused goes on with", () => {
  const refused = Buffer.concat([
    tarMember({ name: "a" }, "a"),
    tarMember({ name: "b", kind: "2" }),
  ]);
  const { members, findings } = contentsOf(refused, tarMember({ name: "c" }, "c"), tarEnd);
  assert.deepEqual(
    members.map(({ name }) => name),
    ["a"],
  );
  assert.deepEqual(
    findings.map(({ code, text }) => [code, text]),
    [["archive.link", "@1024: b is a link."]],
  );
});

test("the memory that it takes grows with its members, and with what it gathers", () => {
  const archive = RunningArchive.begin();
  const { heldBytes } = archive;
  archive.update(tarMember({ name: "a" }, "a"));
  const withMember = archive.heldBytes;
  assert.ok(withMember > heldBytes);
  archive.update(tarHeader({ name: "x.mf", size: 100_000 }));
  archive.update(new Uint8Array(90_000));
  assert.ok(archive.heldBytes >= withMember + 90_000);
  archive.update(new Uint8Array(20_000));
  assert.ok(archive.heldBytes < withMember + 90_000);
});
