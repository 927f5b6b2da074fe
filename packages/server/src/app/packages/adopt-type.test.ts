import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { openPackageRig, previewOf, push, pushAll } from "@contentlib/testkit/rigs/package-rig";
import { refusedWith, type SessionRig } from "@contentlib/testkit/rigs/session-rig";

const SIGNED = packageFiles({ signers: [aSignerCertificate()] });
const WARNINGS = ["SELF_SIGNED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"] as const;
const DISK = "vm-disk1.vmdk";

/** The item gets another type while its session goes on; as it does when a server learns of a type. */
const retype = async (rig: SessionRig, type: string): Promise<void> => {
  await rig.handlers["item.update"](
    { library_item_id: rig.itemId, update_spec: { type } },
    aCall(),
  );
};

const ignoreWarnings = async (rig: SessionRig): Promise<void> => {
  const warning_behavior = WARNINGS.map((type) => ({ type, ignored: true }));
  await rig.handlers["updateSession.update"](
    { update_session_id: rig.sessionId, update_spec: { warning_behavior } },
    aCall(),
  );
};

describe("S98: a session whose item becomes a package", () => {
  test("shows what its files come to, with the next look at it", async () => {
    const rig = await openPackageRig(undefined, "");
    await pushAll(rig, SIGNED);
    await retype(rig, "ovf");
    const preview = await previewOf(rig);
    assert.ok(preview?.state === "AVAILABLE");
    assert.deepEqual(
      preview.warnings?.map(({ type }) => type),
      WARNINGS,
    );
    await ignoreWarnings(rig);
    await rig.complete();
    assert.deepEqual((await rig.itemFiles()).map(({ name }) => name).toSorted(), [DISK, "vm.ovf"]);
  });

  test("is not ended by warnings that no preview showed", async () => {
    const rig = await openPackageRig(undefined, "");
    await pushAll(rig, SIGNED);
    await retype(rig, "ovf");
    await refusedWith("update_session.preview_warnings", rig.complete());
    assert.equal((await rig.session()).state, "ACTIVE");
    await ignoreWarnings(rig);
    await rig.complete();
  });

  test("is ended by them once they were shown", async () => {
    const rig = await openPackageRig(undefined, "");
    await pushAll(rig, SIGNED);
    await retype(rig, "ovf");
    await previewOf(rig);
    await refusedWith("update_session.preview_warnings", rig.complete());
    assert.equal((await rig.session()).state, "ERROR");
  });

  test("judges from the next add on, and what was added before once it is looked at", async () => {
    const rig = await openPackageRig(undefined, "");
    await push(rig, "vm.mf", SIGNED["vm.mf"] ?? "");
    await retype(rig, "ovf");
    assert.equal((await push(rig, DISK, "bytes of a fisk")).status, "ERROR");
    const late = await openPackageRig(undefined, "");
    await push(late, "vm.mf", SIGNED["vm.mf"] ?? "");
    const added = await late.add(DISK);
    await retype(late, "ovf");
    await previewOf(late);
    await refusedWith("transfer.file_refused", late.send(added, "bytes of a fisk"));
  });
});

test("S98: a session whose item is no package any more takes files as they are", async () => {
  const rig = await openPackageRig();
  await push(rig, "vm.mf", SIGNED["vm.mf"] ?? "");
  await push(rig, "vm.ovf", "no XML");
  await retype(rig, "iso");
  assert.deepEqual(await previewOf(rig), { state: "NOT_APPLICABLE" });
  assert.equal((await push(rig, "vm.ovf", "no XML")).status, "READY");
  assert.equal((await push(rig, "other.ovf", "no XML")).status, "READY");
  await rig.complete();
  assert.deepEqual((await rig.itemFiles()).map(({ name }) => name).toSorted(), [
    "other.ovf",
    "vm.mf",
    "vm.ovf",
  ]);
});

test("a session whose item is no package any more is completed without another look", async () => {
  const rig = await openPackageRig();
  await pushAll(rig, SIGNED);
  await retype(rig, "iso");
  await rig.complete();
  assert.equal((await rig.itemFiles()).length, 4);
});
