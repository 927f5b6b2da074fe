import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import {
  ARCHIVE_STORES,
  itemNames,
  listedIn,
  openDownloads,
  readFile,
  removeFrom,
  withArchiveRig,
} from "@contentlib/testkit/rigs/archive-rig";
import { forgetVersions, PAST_THE_GRACE_MS } from "@contentlib/testkit/rigs/forget-versions";
import { previewOf, push, typed, validated } from "@contentlib/testkit/rigs/package-rig";
import { refusedWith, type SessionRig } from "@contentlib/testkit/rigs/session-rig";

const DISK = "vm-disk1.vmdk";
const FILES = {
  ...archivedFiles({ algorithm: "SHA512", disks: { [DISK]: "a disk" } }),
  "empty.bin": "",
};
const OVA = ovaOf(FILES);

/** A rig whose item has the package of the archive. */
const filled = async (rig: SessionRig): Promise<SessionRig> => {
  await push(rig, "vm.ova", OVA);
  await rig.complete();
  await rig.openSession();
  return rig;
};

const storedIn = async (rig: SessionRig): Promise<number> =>
  (await Array.fromAsync(rig.storage.blobs.list())).length;

const collect = async (rig: SessionRig): Promise<void> => {
  await rig.rig.app.duties.purge();
  await rig.clock.advance(PAST_THE_GRACE_MS);
  await rig.rig.app.duties.collectBlobs();
};

const rollback = async (rig: SessionRig, version: string): Promise<void> => {
  await rig.handlers["itemVersion.rollback"]({ library_item: rig.itemId, version }, aCall());
};

for (const { name: store, run } of ARCHIVE_STORES)
  describe(`S129: the bytes of an archive, ${store}`, () => {
    test("stay while one file of it does, and go with the last", () =>
      run(async (rig) => {
        await filled(rig);
        for (const name of ["vm.ovf", DISK]) await removeFrom(rig, name);
        await push(rig, "other.ovf", archivedFiles({ algorithm: null, disks: {} })["vm.ovf"] ?? "");
        await rig.complete();
        await forgetVersions(rig);
        assert.deepEqual(await itemNames(rig), ["empty.bin", "other.ovf"]);
        const session = await openDownloads(rig);
        assert.equal((await readFile(rig, { session, name: "empty.bin" })).length, 0);
        assert.equal(await storedIn(rig), 2);
        await rig.openSession();
        await removeFrom(rig, "empty.bin");
        await rig.complete();
        await forgetVersions(rig);
        assert.equal(await storedIn(rig), 2, "a download session still reads it");
        await rig.handlers["downloadSession.delete"]({ download_session_id: session }, aCall());
        await collect(rig);
        assert.equal(await storedIn(rig), 1);
      }));

    test("are read by a download session to its end, whatever becomes of the item", () =>
      run(async (rig) => {
        await filled(rig);
        const session = await openDownloads(rig);
        await push(rig, "vm.ova", ovaOf(archivedFiles({ disks: { [DISK]: "b disk" } })));
        await rig.complete();
        await forgetVersions(rig);
        assert.equal(await storedIn(rig), 2);
        assert.equal((await readFile(rig, { session, name: DISK })).toString(), "a disk");
        assert.deepEqual(await readFile(rig, { session, name: "vm.ova" }), OVA);
        await rig.handlers["downloadSession.cancel"]({ download_session_id: session }, aCall());
        await collect(rig);
        assert.equal(await storedIn(rig), 1);
      }));

    test("are hashed where a later manifest wants a digest that nobody made", () =>
      run(async (rig) => {
        await filled(rig);
        const { "vm.mf": manifest = "" } = archivedFiles({
          algorithm: "SHA1",
          disks: { [DISK]: "a disk" },
        });
        assert.equal((await push(rig, "vm.mf", manifest)).status, "READY");
        assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
        const { "vm.mf": lie = "" } = archivedFiles({
          algorithm: "SHA1",
          disks: { [DISK]: "b disk" },
        });
        assert.equal((await push(rig, "vm.mf", lie)).status, "READY");
        assert.match((await validated(rig)).invalid[DISK] ?? "", /vm\.mf:2: /);
      }));
  });

describe("S129: content versions of an archive", () => {
  test("are shown without it, and a rollback brings it back", () =>
    withArchiveRig(async (rig) => {
      await filled(rig);
      const { content_version: version } = await rig.item();
      await push(rig, "other.ova", ovaOf(archivedFiles({ base: "other" })));
      await rig.complete();
      const shown = await rig.handlers["itemVersion.get"](
        { library_item: rig.itemId, version },
        aCall(),
      );
      assert.deepEqual(
        shown.files.map(({ name }) => name),
        ["vm.ovf", DISK, "empty.bin"],
      );
      await rollback(rig, version);
      assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK, "empty.bin"]);
      const session = await openDownloads(rig);
      assert.deepEqual(await readFile(rig, { session, name: "vm.ova" }), OVA);
      assert.equal((await readFile(rig, { session, name: DISK })).toString(), "a disk");
    }));

  test("are copied with it, of no more bytes", () =>
    withArchiveRig(async (rig) => {
      await filled(rig);
      const { library_id } = await rig.item();
      const source_library_item_id = rig.itemId;
      const destination_create_spec = { library_id, name: "copy" };
      const copy = await rig.handlers["item.copy"](
        { source_library_item_id, destination_create_spec },
        aCall(),
      );
      await rig.cancel();
      await rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall());
      await collect(rig);
      rig.itemId = copy;
      assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK, "empty.bin"]);
      const session = await openDownloads(rig);
      assert.deepEqual(await readFile(rig, { session, name: "vm.ova" }), OVA);
      assert.equal(await storedIn(rig), 1);
    }));

  test("storage and counts show what the item lists", () =>
    withArchiveRig(async (rig) => {
      await filled(rig);
      const stored = await rig.handlers["itemStorage.list"](
        { library_item_id: rig.itemId },
        aCall(),
      );
      assert.deepEqual(
        stored.map(({ name }) => name),
        ["vm.ovf", DISK, "empty.bin"],
      );
      const get = rig.handlers["itemFile.get"](
        { library_item_id: rig.itemId, name: "vm.ova" },
        aCall(),
      );
      await refusedWith("item.no_such_file", get);
    }));
});

describe("S18: an archive that an item has from before anybody looked into it", () => {
  test("is a plain file: it stays, and there is nothing to say of it", () =>
    withArchiveRig(async (rig) => {
      await typed(rig, "iso");
      await push(rig, "old.ova", "whatever it is");
      await rig.complete();
      const { content_version: version } = await rig.item();
      await rig.openSession();
      await removeFrom(rig, "old.ova");
      await rig.complete();
      const update_spec = { type: "ovf" };
      await rig.handlers["item.update"]({ library_item_id: rig.itemId, update_spec }, aCall());
      await rollback(rig, version);
      await rig.openSession();
      assert.deepEqual(await previewOf(rig), { state: "NOT_APPLICABLE" });
      assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
      await push(rig, "a.txt", "a");
      await rig.complete();
      assert.deepEqual(await itemNames(rig), ["old.ova", "a.txt"]);
      await rig.openSession();
      await push(rig, "old.ova", OVA);
      assert.equal((await listedIn(rig)).length, 1 + Object.keys(FILES).length);
      await rig.complete();
      assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK, "empty.bin"]);
    }));
});
