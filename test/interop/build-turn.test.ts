import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { takeTurn } from "./build-turn.ts";
import { scratchDirectory } from "./scratch-directory.ts";

const lockIn = async (t: TestContext): Promise<string> => join(await scratchDirectory(t), "lock");

const deadId = (): string => String(spawnSync(process.execPath, ["--version"]).pid);

/** Makes the file as one that was written that long ago. */
const aged = async (file: string, text: string, ageMs: number): Promise<void> => {
  await writeFile(file, text);
  const at = new Date(Date.now() - ageMs);
  await utimes(file, at, at);
};

const HOUR_MS = 3_600_000;

test("one has the turn until it ends it, and then the next", async (t) => {
  const lock = await lockIn(t);
  const first = await takeTurn(lock);
  assert.ok(first);
  assert.equal(await takeTurn(lock), null);
  await first.end();
  const second = await takeTurn(lock);
  assert.ok(second);
  assert.equal(await takeTurn(lock), null);
  assert.deepEqual((await readdir(join(lock, ".."))).toSorted(), ["lock.0", "lock.1"]);
});

test("of many that find a dead holder one gets the turn", async (t) => {
  const lock = await lockIn(t);
  await writeFile(`${lock}.0`, deadId());
  const turns = await Promise.all(Array.from({ length: 20 }, () => takeTurn(lock)));
  assert.equal(turns.filter((turn) => turn !== null).length, 1);
  assert.equal(await takeTurn(lock), null);
});

test("one that never told who it is counts as dead, but not at once", async (t) => {
  const lock = await lockIn(t);
  await aged(`${lock}.0`, "", 0);
  assert.equal(await takeTurn(lock), null);
  await aged(`${lock}.0`, "", 60_000);
  assert.ok(await takeTurn(lock));
});

test("a turn that takes longer than any does is over, though a process has its holder's id", async (t) => {
  const lock = await lockIn(t);
  await aged(`${lock}.0`, String(process.pid), 60_000);
  assert.equal(await takeTurn(lock), null);
  await aged(`${lock}.0`, String(process.pid), HOUR_MS);
  assert.ok(await takeTurn(lock));
});
