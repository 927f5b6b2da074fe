import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { systemError } from "@contentlib/testkit/faults/file-system-around";

import type { OpenFile } from "./file-system.ts";
import { Lane, SyncSteps } from "./sync-steps.ts";

/** A file that can only be synced; each sync lasts until the test ends it. */
class SlowDisk {
  readonly syncs: PromiseWithResolvers<void>[] = [];
  readonly file = {
    datasync: () => {
      const sync = Promise.withResolvers<void>();
      this.syncs.push(sync);
      return sync.promise;
    },
  } as unknown as OpenFile;

  async end(index: number): Promise<void> {
    this.syncs[index]?.resolve();
    await nextTurn();
  }
}

/** Whether a promise is settled by now. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  void promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await nextTurn();
  return settled;
};

describe("SyncSteps", () => {
  it("syncs each step while the next one is written, and holds the writer before a second step is full", async () => {
    const disk = new SlowDisk();
    const steps = new SyncSteps(disk.file, new Lane(2), {
      stepBytes: 100,
      onSynced: () => undefined,
    });
    assert.equal(steps.written(99), null);
    assert.equal(disk.syncs.length, 0);
    assert.equal(steps.written(1), null);
    assert.equal(disk.syncs.length, 1);
    assert.equal(steps.written(99), null);
    const held = steps.written(1);
    assert.ok(held !== null && !(await isSettled(held)));
    await disk.end(0);
    await held;
    assert.equal(disk.syncs.length, 2);
  });

  it("ends with a sync of its own, after the one that runs", async () => {
    const disk = new SlowDisk();
    const steps = new SyncSteps(disk.file, new Lane(2), {
      stepBytes: 100,
      onSynced: () => undefined,
    });
    assert.equal(steps.written(100), null);
    const finishing = steps.finish();
    assert.equal(await isSettled(finishing), false);
    assert.equal(disk.syncs.length, 1);
    await disk.end(0);
    assert.equal(disk.syncs.length, 2);
    await disk.end(1);
    await finishing;
  });

  it("tells of a sync that failed at the next write, and at the end", async () => {
    const disk = new SlowDisk();
    const steps = new SyncSteps(disk.file, new Lane(2), {
      stepBytes: 100,
      onSynced: () => undefined,
    });
    assert.equal(steps.written(100), null);
    disk.syncs[0]?.reject(systemError("EIO"));
    await nextTurn();
    await assert.rejects(async () => await steps.written(1), { code: "EIO" });
    await assert.rejects(steps.finish(), { code: "EIO" });
    await steps.settled();
  });
});

describe("SyncSteps that tell", () => {
  it("tell of each step how many bytes were written when its sync began, once that is over", async () => {
    const disk = new SlowDisk();
    const told: number[] = [];
    const onSynced = (writtenBytes: number): void => void told.push(writtenBytes);
    const steps = new SyncSteps(disk.file, new Lane(2), { stepBytes: 100, onSynced });
    assert.equal(steps.written(150), null);
    assert.equal(steps.written(50), null);
    assert.deepEqual(told, []);
    await disk.end(0);
    assert.deepEqual(told, [150]);
    assert.equal(steps.writtenBytes, 200);
  });

  it("fail for good when the last sync failed, though the next one would succeed", async () => {
    const disk = new SlowDisk();
    const steps = new SyncSteps(disk.file, new Lane(2), {
      stepBytes: 100,
      onSynced: () => undefined,
    });
    assert.equal(steps.written(10), null);
    const finishing = steps.finish();
    await nextTurn();
    disk.syncs[0]?.reject(systemError("EIO"));
    await assert.rejects(finishing, { code: "EIO" });
    await assert.rejects(steps.finish(), { code: "EIO" });
    assert.equal(disk.syncs.length, 1);
  });
});

describe("Lane", () => {
  it("runs no more tasks at once than it may, in the order in which they came", async () => {
    const lane = new Lane(2);
    const begun: number[] = [];
    const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    const runs = ends.map(({ promise }, index) =>
      lane.run(async () => {
        begun.push(index);
        await promise;
      }),
    );
    await nextTurn();
    assert.deepEqual(begun, [0, 1]);
    ends[1]?.resolve();
    await nextTurn();
    assert.deepEqual(begun, [0, 1, 2]);
    for (const { resolve } of ends) resolve();
    await Promise.all(runs);
    assert.deepEqual(begun, [0, 1, 2, 3]);
  });

  it("goes on after a task that failed", async () => {
    const lane = new Lane(1);
    await assert.rejects(lane.run(() => Promise.reject(new Error("no"))));
    assert.equal(await lane.run(() => Promise.resolve("yes")), "yes");
  });
});
