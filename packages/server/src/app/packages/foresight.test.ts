import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { diskStorage } from "@contentlib/testkit/rigs/app-rig";
import {
  openPackageRig,
  push,
  pushAll,
  typed,
  validated,
} from "@contentlib/testkit/rigs/package-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { PortError } from "../../ports/index.ts";

const DISK = "vm-disk1.vmdk";
const FILES = packageFiles({ algorithm: "SHA512" });
const contentOf = (name: string): string => FILES[name] ?? assert.fail(name);
const READY = { status: "READY", refusal: null };

/** A rig whose disk is sent again just when a digest of it is made, once it is armed. */
const racingRig = async () => {
  const race = { isArmed: false };
  const rig: SessionRig = await openPackageRig((storage) => ({
    ...storage,
    blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
      if (race.isArmed && verb === "finish") {
        race.isArmed = false;
        (await rig.openUpload(await rig.file(DISK))).close();
      }
      return await proceed();
    }),
  }));
  return { rig, race };
};

/** All is READY, and a digest has to be made anew. */
const readyToRace = async () => {
  const { rig, race } = await racingRig();
  for (const name of [DISK, "vm.mf", "vm.ovf"]) await push(rig, name, contentOf(name));
  await rig.restart();
  race.isArmed = true;
  return { rig, race };
};

describe("a file that is sent again while a digest of it is made", () => {
  test("is what complete waits for", async () => {
    const { rig, race } = await readyToRace();
    const text = await refusedWith("update_session.file_not_received", rig.complete());
    assert.match(text, /vm-disk1\.vmdk/);
    assert.equal(race.isArmed, false);
    await push(rig, DISK, contentOf(DISK));
    await rig.complete();
  });

  test("is what validate waits for", async () => {
    const { rig, race } = await readyToRace();
    await refusedWith("update_session.file_not_received", validated(rig));
    assert.equal(race.isArmed, false);
  });

  test("does not hinder the add of bytes that are here", async () => {
    const { rig, race } = await racingRig();
    await pushAll(rig, packageFiles({ algorithm: null }));
    await rig.complete();
    await rig.openSession();
    for (const name of [DISK, "vm.mf"]) await push(rig, name, contentOf(name));
    await rig.restart();
    race.isArmed = true;
    const ovf = contentOf("vm.ovf");
    const checksum = createHash("sha256").update(ovf).digest("hex");
    const spec = {
      size: Buffer.byteLength(ovf),
      checksum_info: { algorithm: "SHA256", checksum },
    } as const;
    assert.equal((await rig.add("vm.ovf", spec)).status, "READY");
    assert.equal(race.isArmed, false);
  });
});

test("nobody waits for a digest: not for that of a file that came while the manifest was looked into", async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let isCounting = false;
  let finishes = 0;
  const rig: SessionRig = await openPackageRig((storage) => ({
    ...storage,
    blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
      if (verb !== "finish" || !isCounting) return await proceed();
      finishes += 1;
      if (finishes === 2) {
        // The digest of the first disk, for which the manifest does not hold up anybody.
        const done = await proceed();
        isCounting = false;
        await push(rig, "b.vmdk", "b");
        isCounting = true;
        return done;
      }
      if (finishes === 3) {
        begun.resolve();
        await gate.promise;
      }
      return await proceed();
    }),
  }));
  const files = packageFiles({ algorithm: "SHA512", disks: { "a.vmdk": "a", "b.vmdk": "b" } });
  await push(rig, "a.vmdk", "a");
  const manifest = await rig.add("vm.mf");
  isCounting = true;
  const sending = rig.send(manifest, files["vm.mf"] ?? "");
  await begun.promise;
  await rig.cancel();
  gate.resolve();
  await assert.rejects(sending);
});

/** Changes the bytes of files on a disk that have that content. */
const rot = async (directory: string, content: string): Promise<number> => {
  let rotten = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).toString() !== content) continue;
    await chmod(path, 0o600);
    await writeFile(path, content.replaceAll("d", "f"));
    rotten += 1;
  }
  return rotten;
};

const isCorrupt = (error: unknown): boolean =>
  error instanceof PortError && error.kind === "corrupt" && /vm-disk1\.vmdk/.test(error.message);

test("a digest of staged bytes that rotted is not remembered for good ones", () =>
  withScratchDirectory(async (directory) => {
    const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
    await typed(rig, "ovf");
    await push(rig, DISK, contentOf(DISK));
    assert.equal(await rot(directory, contentOf(DISK)), 1);
    const manifest = await rig.add("vm.mf");
    await assert.rejects(rig.send(manifest, contentOf("vm.mf")), isCorrupt);
    assert.deepEqual(await push(rig, DISK, contentOf(DISK)), READY);
    await pushAll(rig, { "vm.mf": contentOf("vm.mf"), "vm.ovf": contentOf("vm.ovf") });
    await rig.complete();
    await rig.storage.close();
  }));

test("bytes that rotted are not read again and again", () =>
  withScratchDirectory(async (directory) => {
    let finishes = 0;
    const rig = await SessionRig.openOn(async (clock) => {
      const storage = await diskStorage(clock, directory);
      const blobs = blobStoreAround(storage.blobs, async (verb, proceed) => {
        if (verb === "finish") finishes += 1;
        return await proceed();
      });
      return { ...storage, blobs };
    });
    await typed(rig, "ovf");
    await push(rig, DISK, contentOf(DISK));
    await rot(directory, contentOf(DISK));
    finishes = 0;
    await assert.rejects(rig.send(await rig.add("vm.mf"), contentOf("vm.mf")), isCorrupt);
    // The manifest's own bytes, and the disk's.
    assert.equal(finishes, 2);
    await rig.storage.close();
  }));

test("nor is one of stored bytes that rotted", () =>
  withScratchDirectory(async (directory) => {
    const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
    await typed(rig, "ovf");
    await pushAll(rig, packageFiles({ algorithm: null }));
    await rig.complete();
    await rig.openSession();
    assert.equal(await rot(directory, contentOf(DISK)), 1);
    await assert.rejects(rig.send(await rig.add("vm.mf"), contentOf("vm.mf")), isCorrupt);
    assert.deepEqual(await push(rig, DISK, contentOf(DISK)), READY);
    await rig.storage.close();
  }));
