import assert from "node:assert/strict";
import { mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileStamp, isSameStamp, unsettledMs } from "./file-stamp.ts";

test("a write shows even where its writer sets the time back", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-stamp-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "disk.img");
  await writeFile(path, "before");
  const { atime, mtime } = await stat(path);
  await utimes(path, atime, mtime);
  const before = await fileStamp(path);
  assert.ok(isSameStamp(before, await fileStamp(path)));
  for (;;) {
    await writeFile(path, "after!");
    await utimes(path, atime, mtime);
    const after = await fileStamp(path);
    assert.equal(after.modifiedNs, before.modifiedNs);
    assert.equal(after.sizeBytes, before.sizeBytes);
    // Within one step of the clock it does not show, which is why a file has to settle.
    if (!isSameStamp(before, after)) break;
  }
});

const changedAt = (changedNs: bigint) => ({ sizeBytes: 1n, modifiedNs: 0n, changedNs });
const NOW_MS = 1_700_000_000_000;
const NOW_NS = BigInt(NOW_MS) * 1_000_000n;

test("a file that was changed a moment ago is left alone for one step of its clock", () => {
  assert.equal(unsettledMs(changedAt(NOW_NS - 5_000_001n), NOW_MS), 14);
  assert.equal(unsettledMs(changedAt(NOW_NS - 20_000_001n), NOW_MS), 0);
  assert.equal(unsettledMs(changedAt(NOW_NS + 3_000_001n), NOW_MS), 23);
});

test("whole seconds are those of a file system that has no others", () => {
  assert.equal(unsettledMs(changedAt(NOW_NS), NOW_MS + 500), 1_500);
  assert.equal(unsettledMs(changedAt(NOW_NS), NOW_MS + 2_000), 0);
});

test("clocks that differ settle nothing, and nobody waits for them", () => {
  assert.equal(unsettledMs(changedAt(NOW_NS + 3_600_000_000_001n), NOW_MS), 0);
});
