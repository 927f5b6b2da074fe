import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scratchDirectory, withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import {
  FULL_DEVICE,
  fileSystemWithFullFile,
  fileSystemWithRoomFor,
} from "@contentlib/testkit/faults/blob-disk-full";
import { blobStoreSuite } from "@contentlib/testkit/suites/blob-store";
import type { OpenedBlobStore } from "@contentlib/testkit/suites/blob-store-subject";
import { openDiskBlobStore } from "./disk-blob-store.ts";
import { type FileSystem, realFileSystem } from "./file-system.ts";
import type { EngineChoice } from "./staging-engines.ts";
import { timedFileSystem } from "./timed-file-system.ts";

test("syncs of files and folders are told, with the time they took, and nothing is changed by it", () =>
  withScratchDirectory(async (directory) => {
    const told: [string, boolean][] = [];
    const system = timedFileSystem(realFileSystem, (object, durationMs) =>
      told.push([object, durationMs >= 0]),
    );
    const path = join(directory, "file");
    const file = await system.open(path, "wx", 0o600);
    await file.writev([Buffer.from("bytes, and more")], 0);
    await file.truncate(5);
    assert.equal((await file.stat()).size, 5);
    await file.datasync();
    await file.close();
    const folder = await system.open(directory, "r");
    await folder.sync();
    await folder.close();
    assert.deepEqual(told, [
      ["file", true],
      ["folder", true],
    ]);
    assert.equal(readFileSync(path, "utf8"), "bytes");
  }));

test("a sync that fails is told of by its error alone", async () => {
  const told: string[] = [];
  const failing = timedFileSystem(realFileSystem, (object) => told.push(object));
  await withScratchDirectory(async (directory) => {
    const file = await failing.open(join(directory, "file"), "wx", 0o600);
    await file.close();
    await assert.rejects(file.datasync());
  });
  assert.deepEqual(told, []);
});

const open = async (engine: EngineChoice, inner: FileSystem): Promise<OpenedBlobStore> => {
  const { path: directory, remove } = await scratchDirectory();
  const fileSystem = timedFileSystem(inner, () => undefined);
  const clock = { now: () => 1_704_067_200_000 };
  const store = await openDiskBlobStore({ directory, clock, engine, fileSystem });
  return { store, close: () => store.close().then(remove) };
};

blobStoreSuite("DiskBlobStore on its main engine, with its syncs timed", {
  open: () => open("main", realFileSystem),
  openWithRoomFor: (sizeBytes) => open("main", fileSystemWithRoomFor(realFileSystem, sizeBytes)),
});

blobStoreSuite("DiskBlobStore on its worker engine, with its syncs timed", {
  open: () => open("worker", realFileSystem),
  ...(existsSync(FULL_DEVICE) && {
    openWithRoomFor: () => open("worker", fileSystemWithFullFile(realFileSystem)),
  }),
});
