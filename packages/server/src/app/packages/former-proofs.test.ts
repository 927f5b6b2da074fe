import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { openPackageRig, push, pushAll, validated } from "@contentlib/testkit/rigs/package-rig";
import type { SessionRig } from "@contentlib/testkit/rigs/session-rig";

const DISK = "vm-disk1.vmdk";
const SIGNED = packageFiles({ signers: [aSignerCertificate()] });
const READY = { status: "READY", refusal: null };

const remove = async (rig: SessionRig, file_name: string): Promise<void> => {
  const update_session_id = rig.sessionId;
  await rig.handlers["updateSessionFile.remove"]({ update_session_id, file_name }, aCall());
};

/** An item that was given a manifest and a certificate before it was a package: it has them as files. */
const itemWithProofs = async (): Promise<SessionRig> => {
  const rig = await openPackageRig(undefined, "");
  await rig.fill(SIGNED);
  // An item with files keeps its type: they come back once it has another one.
  const { content_version: version } = await rig.item();
  await rig.openSession();
  for (const name of Object.keys(SIGNED)) await remove(rig, name);
  await rig.complete();
  const update_spec = { type: "ovf" };
  await rig.handlers["item.update"]({ library_item_id: rig.itemId, update_spec }, aCall());
  await rig.handlers["itemVersion.rollback"]({ library_item: rig.itemId, version }, aCall());
  await rig.openSession();
  return rig;
};

const names = async (rig: SessionRig): Promise<readonly string[]> =>
  (await rig.itemFiles()).map(({ name }) => name).toSorted();

describe("S94: a manifest and a certificate that an item has from before it was a package", () => {
  test("do not refuse what is sent over what they cover, and leave the item with it", async () => {
    const rig = await itemWithProofs();
    assert.deepEqual(await push(rig, DISK, "bytes of a fisk"), READY);
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    await rig.complete();
    assert.deepEqual(await names(rig), [DISK, "vm.ovf"]);
  });

  test("both leave when one of them is sent again", async () => {
    const rig = await itemWithProofs();
    assert.deepEqual(await push(rig, "vm.mf", SIGNED["vm.mf"] ?? ""), READY);
    await rig.complete();
    assert.deepEqual(await names(rig), [DISK, "vm.ovf"]);
    await rig.openSession();
    await push(rig, "readme.txt", "x");
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    await rig.complete();
  });

  test("give way to others under other names", async () => {
    const rig = await itemWithProofs();
    await remove(rig, "vm.ovf");
    await pushAll(rig, packageFiles({ base: "new" }));
    await remove(rig, DISK);
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    await rig.complete();
    assert.deepEqual(await names(rig), ["new-disk1.vmdk", "new.ovf"]);
  });

  test("stay with an item whose session brings nothing, and count there", async () => {
    const rig = await itemWithProofs();
    await rig.complete();
    assert.deepEqual(await names(rig), [DISK, "vm.cert", "vm.mf", "vm.ovf"]);
    await rig.openSession();
    await remove(rig, "vm.mf");
    assert.match((await validated(rig)).invalid["vm.cert"] ?? "", /without|manifest/);
  });
});
