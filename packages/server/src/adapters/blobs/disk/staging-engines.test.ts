import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { aStagedId } from "@contentlib/testkit/builders/ids";
import { cut, HandSource, someBytes, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { collected, readBlob } from "@contentlib/testkit/bytes/read-blob";
import { stageBytes, stageOptions } from "@contentlib/testkit/bytes/stage-bytes";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { RecordingFileSystem } from "@contentlib/testkit/faults/blob-disk-recording";
import { fileSystemAround } from "@contentlib/testkit/faults/file-system-around";

import type { StageOptions } from "../../../ports/blob-store.ts";
import {
  type DiskBlobStore,
  type DiskBlobStoreOptions,
  openDiskBlobStore,
} from "./disk-blob-store.ts";
import { type FileSystem, realFileSystem } from "./file-system.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

const withDisk = async (
  over: Partial<DiskBlobStoreOptions>,
  body: (store: DiskBlobStore) => Promise<void>,
): Promise<void> => {
  await withScratchDirectory(async (directory) => {
    const store = await openDiskBlobStore({ directory, clock: { now: () => 0 }, ...over });
    try {
      await body(store);
    } finally {
      await store.close();
    }
  });
};

/** Calls of one name wait until the gate is opened. */
const holding = (name: "write" | "datasync"): { fileSystem: FileSystem; open(): void } => {
  const gate = Promise.withResolvers<void>();
  const fileSystem = fileSystemAround(realFileSystem, {
    call: async (call, proceed) => {
      if (call.name === name) await gate.promise;
      return await proceed();
    },
  });
  return { fileSystem, open: gate.resolve };
};

/** Pushes chunks, giving the sink time after each, until it says that it wants no more. */
const pushUntilPaused = async (source: HandSource, bytesMax: number): Promise<number> => {
  const chunk = someBytes(64 * KIB);
  let pushedBytes = 0;
  while (!source.paused && pushedBytes < bytesMax) {
    source.push(chunk);
    pushedBytes += chunk.byteLength;
    await nextTurn();
  }
  return pushedBytes;
};

/** That a transfer whose disk stands still pauses its source at `bytesMax` or before, and ends well once the disk goes on. */
const assertPauses = async (
  held: { fileSystem: FileSystem; open(): void },
  engine: "main" | "worker",
  bytesMax: number,
): Promise<void> => {
  await withDisk({ engine, fileSystem: held.fileSystem, syncStepBytes: MIB }, async (store) => {
    const source = new HandSource();
    const staging = store.stage(aStagedId(), source, stageOptions());
    await source.poured;
    const pushedBytes = await pushUntilPaused(source, 10 * bytesMax);
    assert.ok(source.paused && pushedBytes <= bytesMax, `${pushedBytes} bytes were taken`);
    held.open();
    await source.flowing();
    source.end();
    const outcome = await staging;
    assert.ok(outcome.kind === "staged" && outcome.blob.sizeBytes === pushedBytes);
  });
};

describe("a transfer on a disk that stands still", () => {
  it("takes a few buffers when writes hang, on the main engine", () =>
    assertPauses(holding("write"), "main", MIB));

  for (const engine of ["main", "worker"] as const) {
    it(`takes two steps and a few buffers when syncs hang, on the ${engine} engine`, () =>
      assertPauses(holding("datasync"), engine, 5 * MIB));
  }
});

describe("the main engine", () => {
  const storesWell = async (over: Partial<DiskBlobStoreOptions>): Promise<void> => {
    await withDisk({ engine: "main", ...over }, async (store) => {
      const bytes = someBytes(900 * KIB + 7);
      const { stagedId, digest } = await stageBytes(store, bytes);
      await store.promote(stagedId, digest);
      assert.ok(Buffer.from(bytes).equals(await readBlob(store, digest)));
    });
  };

  it("goes on where the system writes less than it was asked to", async () => {
    const fileSystem: FileSystem = {
      ...realFileSystem,
      open: async (path, flags, mode) => {
        const file = await realFileSystem.open(path, flags, mode);
        const writev = file.writev.bind(file);
        file.writev = (buffers, position) =>
          writev([(buffers[0] ?? new Uint8Array(0)).subarray(0, 100_000)], position);
        return file;
      },
    };
    await storesWell({ fileSystem });
  });

  it("writes chunks from where they lie when the budget has no buffer", () =>
    storesWell({ budgetBytes: 0 }));

  it("shares one buffer among transfers that run at once", async () => {
    await withDisk({ engine: "main", budgetBytes: 256 * KIB }, async (store) => {
      const staged = await Promise.all(
        [1, 2, 3].map((seed) => stageBytes(store, someBytes(700 * KIB, seed))),
      );
      for (const [index, { stagedId, digest }] of staged.entries()) {
        await store.promote(stagedId, digest);
        assert.ok(
          Buffer.from(someBytes(700 * KIB, index + 1)).equals(await readBlob(store, digest)),
        );
      }
    });
  });

  it("gives up on a file that takes no bytes", async () => {
    const fileSystem = fileSystemAround(realFileSystem, {
      call: async (call, proceed) =>
        call.name === "write"
          ? ({ bytesWritten: 0 } as Awaited<ReturnType<typeof proceed>>)
          : await proceed(),
    });
    await withDisk({ engine: "main", fileSystem }, async (store) => {
      await assert.rejects(stageBytes(store, someBytes(10)), portErrorWith("unavailable"));
      assert.deepEqual(await collected(store.listStaged()), []);
    });
  });
});

describe("the choice of the engine", () => {
  const engineOf = async (
    options: Partial<StageOptions>,
    over: Partial<DiskBlobStoreOptions> = {},
  ): Promise<"main" | "worker"> => {
    let engine: "main" | "worker" = "worker";
    const fileSystem = fileSystemAround(realFileSystem, {
      call: async (call, proceed) => {
        if (call.name === "write") engine = "main";
        return await proceed();
      },
    });
    await withDisk({ fileSystem, ...over }, async (store) => {
      const outcome = await store.stage(
        aStagedId(),
        sourceOf(cut(someBytes(300 * KIB))),
        stageOptions(options),
      );
      assert.equal(outcome.kind, "staged");
    });
    return engine;
  };

  it("is the main one for a transfer that is small, or of unknown size", async () => {
    assert.equal(await engineOf({ expectedSizeBytes: 300 * KIB }), "main");
    assert.equal(await engineOf({}), "main");
  });

  it("is a thread for a large transfer, and where another digest than SHA-256 is wanted", async () => {
    assert.equal(await engineOf({ expectedSizeBytes: 1024 * MIB }), "worker");
    assert.equal(await engineOf({ algorithms: ["MD5"] }), "worker");
    assert.equal(await engineOf({ algorithms: ["SHA256"] }), "main");
  });

  it("falls back to the main one where the budget has no room for a ring of buffers", async () => {
    assert.equal(await engineOf({ expectedSizeBytes: 1024 * MIB }, { budgetBytes: MIB }), "main");
  });

  it("is the main one for a large transfer that finds every thread taken", async () => {
    let mainWrites = 0;
    const fileSystem = fileSystemAround(realFileSystem, {
      call: async (call, proceed) => {
        if (call.name === "write") mainWrites += 1;
        return await proceed();
      },
    });
    await withDisk({ fileSystem }, async (store) => {
      const options = stageOptions({ expectedSizeBytes: 1024 * MIB });
      const stagings = [1, 2, 3].map((seed) =>
        store.stage(aStagedId(), sourceOf([someBytes(10, seed)]), options),
      );
      for (const outcome of await Promise.all(stagings)) assert.equal(outcome.kind, "staged");
    });
    // There are never more than two threads, and always one.
    assert.ok(
      mainWrites === 1 || mainWrites === 2,
      `${mainWrites} transfers were on the main engine`,
    );
  });
});

describe("closing the store", () => {
  it("fails the transfers of its threads, leaves nothing of them, and starts no thread again", async () => {
    await withScratchDirectory(async (directory) => {
      const recorder = new RecordingFileSystem(realFileSystem);
      const store = await openDiskBlobStore({
        directory,
        clock: { now: () => 0 },
        fileSystem: recorder.fileSystem,
      });
      const source = new HandSource();
      const staging = store.stage(aStagedId(), source, stageOptions({ algorithms: ["SHA512"] }));
      await source.poured;
      source.push(someBytes(500 * KIB));
      const failed = assert.rejects(staging, portErrorWith("unavailable"));
      await store.close();
      await failed;
      assert.equal(source.stopped, true);
      assert.deepEqual(await collected(store.listStaged()), []);
      await store.close();
      const outcome = await store.stage(
        aStagedId(),
        sourceOf([someBytes(10)]),
        stageOptions({ algorithms: ["SHA512"] }),
      );
      assert.equal(outcome.kind, "staged");
    });
  });
});
