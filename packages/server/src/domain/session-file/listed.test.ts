import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf } from "@contentlib/contract/vocabulary";
import { anArchiveMember } from "@contentlib/testkit/builders/archives";
import {
  aKeptFile,
  aMessage,
  anUpdateSession,
  aPulledFile,
  aPushedFile,
  aReadyReceipt,
} from "@contentlib/testkit/builders/sessions";
import type { Receipt } from "../update-session.ts";
import { findListed, listedFiles, nameOfListed, refuseMember } from "./listed.ts";
import { viewMember } from "./view.ts";

const isArchive = (name: string): boolean => name.endsWith(".ova");
const session = anUpdateSession();
const member = anArchiveMember({ name: "disk.vmdk", sizeBytes: 7 });
const members = [anArchiveMember({ name: "vm.ovf" }), member];
const whole = aReadyReceipt({ archive: { members, findings: [] } });
const archive = aPushedFile({ name: "vm.ova", receipt: whole });
const kept = [aKeptFile({ name: "disk.vmdk" }), aKeptFile({ name: "a.txt" })];

const namesOf = (files: Parameters<typeof listedFiles>[0], is = isArchive) =>
  listedFiles(files, is).map(nameOfListed);

describe("S122: the files that a session lists", () => {
  test("are its entries; behind an archive that is whole its members, and nothing that the item has", () => {
    assert.deepEqual(namesOf(kept), ["disk.vmdk", "a.txt"]);
    assert.deepEqual(namesOf([...kept, archive]), ["vm.ova", "vm.ovf", "disk.vmdk"]);
  });

  test("are its entries alone where the archive is still to come, is wrong, or is a plain file", () => {
    const errorMessage = aMessage();
    const receipts: readonly Receipt[] = [
      { status: "WAITING" },
      { status: "ERROR", errorMessage, receivedBytes: 1 },
      aReadyReceipt(),
    ];
    for (const receipt of receipts)
      assert.deepEqual(namesOf([...kept, { ...archive, receipt }]), [
        "disk.vmdk",
        "a.txt",
        "vm.ova",
      ]);
    assert.deepEqual(
      namesOf([...kept, archive], () => false),
      ["disk.vmdk", "a.txt", "vm.ova"],
    );
    assert.deepEqual(namesOf([aKeptFile({ name: "old.ova" })]), ["old.ova"]);
  });

  test("are found by their names; a member is not removed by itself", () => {
    const listed = listedFiles([...kept, archive], isArchive);
    const found = findListed(session, listed, "disk.vmdk");
    assert.deepEqual(found, { kind: "member", member, archive });
    assert.deepEqual(
      refuseMember({ kind: "member", member, archive }),
      faultOf("update_session.member_of_archive", "disk.vmdk", "vm.ova"),
    );
    assert.equal(refuseMember({ kind: "entry", file: archive }), null);
    assert.deepEqual(
      findListed(session, listed, "a.txt"),
      faultOf("update_session.no_such_file", session.id, "a.txt"),
    );
  });

  test("a member is READY, with its own size and digest, and came as its archive did", () => {
    const { entryId } = archive;
    const shown = {
      name: "disk.vmdk",
      status: "READY",
      bytesTransferred: 7,
      sizeBytes: 7,
      checksum: member.checksums[0],
    };
    assert.deepEqual(viewMember(member, archive), { ...shown, source: "PUSH", entryId });
    const pulled = aPulledFile({ name: "vm.ova", receipt: whole });
    const { source, from } = pulled;
    assert.deepEqual(viewMember(member, pulled), { ...shown, source, from });
  });
});
