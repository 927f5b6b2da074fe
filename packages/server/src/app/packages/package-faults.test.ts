import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { diskStorage } from "@contentlib/testkit/rigs/app-rig";
import {
  openPackageRig,
  previewOf,
  push,
  pushAll,
  typed,
  validated,
} from "@contentlib/testkit/rigs/package-rig";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { PortError } from "../../ports/index.ts";
import { aCall } from "@contentlib/testkit/rigs/app-rig";

const DISK = "vm-disk1.vmdk";
const LIE = "bytes of a fisk";

const failure = (kind: "unavailable" | "absent"): PortError =>
  new PortError(kind, "A test made it fail.");

describe("a storage that fails while files are judged", () => {
  for (const kind of ["unavailable", "absent"] as const)
    test(`leaves the file as it was, to be gone on with; nobody takes ${kind} bytes for wrong ones`, async () => {
      let isFailing = false;
      const rig = await openPackageRig((storage) => ({
        ...storage,
        blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
          const isRead = verb === "openStaged" || verb === "open";
          if (isFailing && isRead) throw failure(kind);
          return await proceed();
        }),
      }));
      const files = packageFiles();
      await push(rig, DISK, files[DISK] ?? "");
      const added = await rig.add("vm.mf", { size: Buffer.byteLength(files["vm.mf"] ?? "") });
      isFailing = true;
      await assert.rejects(rig.send(added, files["vm.mf"] ?? ""), PortError);
      const { status, bytes_transferred } = await rig.file("vm.mf");
      assert.deepEqual(
        [status, bytes_transferred],
        ["WAITING_FOR_TRANSFER", Buffer.byteLength(files["vm.mf"] ?? "")],
      );
      assert.equal((await rig.file(DISK)).status, "READY");
      await assert.rejects(rig.resume(added), PortError);
      isFailing = false;
      assert.equal((await rig.resume(added)).isComplete, true);
      assert.equal((await rig.file("vm.mf")).status, "READY");
      await push(rig, "vm.ovf", files["vm.ovf"] ?? "");
      await rig.complete();
    });

  test("a digest that can not be made now refuses validate and complete, and nothing changes", async () => {
    let isFailing = false;
    const rig = await openPackageRig((storage) => ({
      ...storage,
      blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
        if (isFailing && verb === "checksumsOf") throw failure("absent");
        return await proceed();
      }),
    }));
    const files = packageFiles({ algorithm: "SHA512" });
    await pushAll(rig, { "vm.ovf": files["vm.ovf"] ?? "", [DISK]: files[DISK] ?? "" });
    await rig.complete();
    await rig.restart();
    await rig.openSession();
    isFailing = true;
    const added = await rig.add("vm.mf");
    await assert.rejects(rig.send(added, files["vm.mf"] ?? ""), PortError);
    isFailing = false;
    await rig.resume(added);
    await rig.restart();
    isFailing = true;
    await assert.rejects(validated(rig), PortError);
    await assert.rejects(rig.complete(), PortError);
    assert.equal((await rig.session()).state, "ACTIVE");
    isFailing = false;
    await rig.complete();
  });
});

test("a file that is sent again while its digest is made does not harm the verdict of another", async () => {
  let isArmed = false;
  const rig = await openPackageRig((storage) => ({
    ...storage,
    blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
      if (isArmed && verb === "openStaged") {
        // The manifest's own bytes are opened first; then the digest of the disk is made.
        isArmed = false;
        const slot = await rig.openUpload(await rig.file(DISK));
        slot.close();
      }
      return await proceed();
    }),
  }));
  const files = packageFiles({ algorithm: "SHA512" });
  await push(rig, DISK, files[DISK] ?? "");
  isArmed = true;
  assert.equal((await push(rig, "vm.mf", files["vm.mf"] ?? "")).status, "READY");
  assert.equal((await rig.file(DISK)).status, "WAITING_FOR_TRANSFER");
  await push(rig, DISK, files[DISK] ?? "");
  await push(rig, "vm.ovf", files["vm.ovf"] ?? "");
  await rig.complete();
});

test("S92: a verdict that is not kept leaves no file in ERROR, and the next try finds the same", async () => {
  let lost = 0;
  const rig = await openPackageRig((storage) => ({
    ...storage,
    catalog: catalogAround(storage.catalog, async (name, proceed) => {
      if (lost > 0 && name.includes("session.package")) {
        lost -= 1;
        throw new PortError("unavailable", "A test made the commit fail.");
      }
      return await proceed();
    }),
  }));
  const files = packageFiles();
  await push(rig, DISK, LIE);
  const added = await rig.add("vm.mf");
  lost = 1;
  await assert.rejects(rig.send(added, files["vm.mf"] ?? ""), PortError);
  assert.equal((await rig.file(DISK)).status, "READY");
  assert.notEqual((await rig.file("vm.mf")).status, "READY");
  await rig.restart();
  await rig.send(await rig.file("vm.mf"), files["vm.mf"] ?? "");
  assert.equal((await rig.file("vm.mf")).status, "READY");
  assert.equal((await rig.file(DISK)).status, "ERROR");
});

test("files that come at the same time are judged as if one after the other", async () => {
  const disks = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`disk${at}.vmdk`, `bytes of ${at}`]),
  );
  const files = packageFiles({ disks, algorithm: "SHA512" });
  const rig = await openPackageRig();
  const wrong = new Set(["disk3.vmdk", "disk7.vmdk"]);
  await Promise.all(
    Object.entries(files).map(async ([name, content]) => {
      if (name === "vm.ovf") return;
      const added = await rig.add(name);
      await rig.send(added, wrong.has(name) ? `${content}!` : content).catch(() => undefined);
    }),
  );
  await push(rig, "vm.ovf", files["vm.ovf"] ?? "");
  for (const name of Object.keys(files))
    assert.equal((await rig.file(name)).status, wrong.has(name) ? "ERROR" : "READY", name);
  assert.equal((await previewOf(rig))?.state, "AVAILABLE");
  for (const name of wrong) await push(rig, name, files[name] ?? "");
  await rig.complete();
});

test("a package on a disk: digests are made again after a restart, and of what the item keeps", () =>
  withScratchDirectory(async (directory) => {
    const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
    await typed(rig, "ovf");
    const files = packageFiles({ algorithm: "SHA512" });
    await push(rig, "vm.ovf", files["vm.ovf"] ?? "");
    await rig.complete().catch(() => undefined);
    await push(rig, DISK, LIE);
    await rig.restart();
    await rig.handlers["updateSessionFile.remove"](
      { update_session_id: rig.sessionId, file_name: "vm.ovf" },
      aCall(),
    );
    await push(rig, "vm.mf", files["vm.mf"] ?? "");
    const { status, error_message } = await rig.file(DISK);
    assert.equal(status, "ERROR");
    assert.match(error_message?.default_message ?? "", /SHA512 [0-9a-f]{128} was found/);
    await push(rig, DISK, files[DISK] ?? "");
    await push(rig, "vm.ovf", files["vm.ovf"] ?? "");
    await rig.complete();
    await rig.openSession();
    await push(rig, "vm.mf", files["vm.mf"] ?? "");
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    await rig.storage.close();
  }));

test("files that lost their bytes are waited for again, and the preview says so", async () => {
  const rig = await openPackageRig();
  const files = packageFiles();
  await pushAll(rig, files);
  assert.equal((await previewOf(rig))?.state, "AVAILABLE");
  for (const stagedId of await rig.staged()) await rig.storage.blobs.release(stagedId as never);
  await rig.restart();
  assert.equal((await rig.file("vm.ovf")).status, "WAITING_FOR_TRANSFER");
  assert.equal((await previewOf(rig))?.state, "PREPARING");
  for (const name of Object.keys(files)) await rig.send(await rig.file(name), files[name] ?? "");
  await rig.complete();
});
