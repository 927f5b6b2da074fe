import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, stat, truncate, chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { aDigest, aStagedId } from "@contentlib/testkit/builders/ids";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { collected, readBlob } from "@contentlib/testkit/bytes/read-blob";
import { stageBytes, storeBytes } from "@contentlib/testkit/bytes/stage-bytes";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";

import { type DiskBlobStore, openDiskBlobStore } from "./disk-blob-store.ts";

const STORED_AT = 1_704_067_200_000;
const openIn = (directory: string): Promise<DiskBlobStore> =>
  openDiskBlobStore({ directory, clock: { now: () => STORED_AT } });
const modeOf = async (path: string): Promise<string> =>
  ((await stat(path)).mode & 0o777).toString(8);

describe("the directory of a disk store", () => {
  it("is made with all above it, and lets in nobody else", async () => {
    await withScratchDirectory(async (scratch) => {
      const directory = join(scratch, "some", "place");
      const store = await openIn(directory);
      const { layout } = store;
      const { stagedId, digest } = await stageBytes(store, someBytes(10));
      for (const path of [directory, layout.incoming, layout.ready, layout.sha256])
        assert.equal(await modeOf(path), "700");
      assert.equal(await modeOf(layout.readyFile(stagedId)), "600");
      await store.promote(stagedId, digest);
      assert.equal(await modeOf(layout.blobFolders(digest)[1]), "700");
      assert.equal(await modeOf(layout.blobFile(digest)), "400");
    });
  });

  it("is found again by the next process, with what was staged and stored", async () => {
    await withScratchDirectory(async (directory) => {
      const before = await openIn(directory);
      const digest = await storeBytes(before, someBytes(10));
      const staged = await stageBytes(before, someBytes(20));
      const after = await openIn(directory);
      assert.deepEqual(await collected(after.list()), [
        { digest, sizeBytes: 10, storedAt: STORED_AT },
      ]);
      assert.deepEqual(await collected(after.listStaged()), [staged.stagedId]);
      await after.promote(staged.stagedId, staged.digest);
      assert.equal((await readBlob(after, staged.digest)).byteLength, 20);
    });
  });

  it("may hold files of others, which are not listed", async () => {
    await withScratchDirectory(async (directory) => {
      const store = await openIn(directory);
      const digest = await storeBytes(store, someBytes(10));
      await writeFile(join(store.layout.incoming, ".nfs0001"), "");
      await writeFile(join(store.layout.sha256, "note.txt"), "");
      await writeFile(join(store.layout.blobFolders(digest)[1], "note.txt"), "");
      assert.deepEqual(await collected(store.listStaged()), []);
      assert.deepEqual(await collected(store.list()), [
        { digest, sizeBytes: 10, storedAt: STORED_AT },
      ]);
    });
  });

  it("makes blobs unavailable, not absent, when it is gone", async () => {
    await withScratchDirectory(async (directory) => {
      const store = await openIn(directory);
      await rm(store.layout.blobs, { recursive: true });
      await assert.rejects(store.open(aDigest()), portErrorWith("unavailable"));
      await assert.rejects(store.promote(aStagedId(), aDigest()), portErrorWith("unavailable"));
      await assert.rejects(collected(store.list()), portErrorWith("unavailable"));
    });
  });

  it("can not be a file", async () => {
    await withScratchDirectory(async (scratch) => {
      await writeFile(join(scratch, "taken"), "");
      await assert.rejects(openIn(join(scratch, "taken")), portErrorWith("exists"));
    });
  });
});

describe("a stored blob that was cut short", () => {
  it("is corrupt to a promote of the whole bytes, and never overwritten", async () => {
    await withScratchDirectory(async (directory) => {
      const store = await openIn(directory);
      const digest = await storeBytes(store, someBytes(10));
      const { stagedId } = await stageBytes(store, someBytes(10));
      await chmod(store.layout.blobFile(digest), 0o600);
      await truncate(store.layout.blobFile(digest), 5);
      await assert.rejects(store.promote(stagedId, digest), portErrorWith("corrupt"));
      assert.equal((await stat(store.layout.blobFile(digest))).size, 5);
      assert.deepEqual(await collected(store.listStaged()), [stagedId]);
    });
  });

  it("fails its readers instead of ending early", async () => {
    await withScratchDirectory(async (directory) => {
      const store = await openIn(directory);
      const digest = await storeBytes(store, someBytes(10));
      const blob = await store.open(digest);
      await chmod(store.layout.blobFile(digest), 0o600);
      await truncate(store.layout.blobFile(digest), 5);
      const failed = Promise.withResolvers<unknown>();
      const sink = { chunk: () => true, end: () => failed.resolve(null), fail: failed.resolve };
      blob.pourInto(sink, { start: 0, endExclusive: 10 });
      assert.ok(portErrorWith("corrupt")(await failed.promise));
    });
  });
});

describe("the threads of a disk store", () => {
  it("do not keep a process alive that has nothing else to do", async () => {
    await withScratchDirectory(async (directory) => {
      const program = `
        import { openDiskBlobStore } from ${JSON.stringify(new URL("./disk-blob-store.ts", import.meta.url).href)}
        const store = await openDiskBlobStore({ directory: process.argv[1], clock: { now: () => 0 }, engine: 'worker' })
        const signal = new AbortController().signal
        const source = { pourInto: (sink) => (sink.chunk(new Uint8Array(10)), sink.end(), { resume() {}, stop() {} }) }
        const options = { algorithms: [], signal, onProgress: () => undefined }
        console.log((await store.stage('00000000-0000-4000-8000-000000000001', source, options)).kind)`;
      const { stdout } = await promisify(execFile)(process.execPath, [
        "--input-type=module",
        "-e",
        program,
        directory,
      ]);
      assert.equal(stdout, "staged\n");
    });
  });
});
