import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { ResumeState } from "../resume-store.ts";
import { fileResumeStore } from "./file-resume-store.ts";

const KEY = "https://library.example.org 00000000-0000-4000-8000-000000000001";
const state: ResumeState = { version: 1, itemId: "I", sessionId: "S", files: [], keep: null };

async function rig(t: TestContext) {
  const base = await mkdtemp(join(tmpdir(), "contentlib-notes-"));
  t.after(async () => await rm(base, { recursive: true }));
  const directory = join(base, "not", "there", "yet");
  const store = fileResumeStore(directory);
  const path = async (): Promise<string> => {
    const [name = "none"] = await readdir(directory);
    return join(directory, name);
  };
  return { directory, store, path };
}

test("a note is a small file that only its user can read, and it goes when it is dropped", async (t) => {
  const { directory, store, path } = await rig(t);
  assert.equal(await store.load(KEY), null);
  await store.drop(KEY);
  await store.save(KEY, state);
  await store.save(KEY, { ...state, sessionId: "T" });
  assert.equal((await readdir(directory)).length, 1);
  assert.equal((await stat(await path())).mode & 0o777, 0o600);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  assert.deepEqual(await fileResumeStore(directory).load(KEY), { ...state, sessionId: "T" });
  assert.equal(await store.load("another key"), null);
  await store.drop(KEY);
  assert.deepEqual(await readdir(directory), []);
});

test("a file that is no note, or one of another key, is none", async (t) => {
  const { store, path } = await rig(t);
  await store.save(KEY, state);
  const text = await readFile(await path(), "utf8");
  const others = ["", "{", "null", "7", "[]", "{}", text.slice(0, -3), text.replace(KEY, "other")];
  for (const other of others) {
    await writeFile(await path(), other);
    assert.equal(await store.load(KEY), null, other);
  }
  await store.save(KEY, state);
  assert.deepEqual(await store.load(KEY), state);
});

test("a note that can not be written leaves nothing half written", async (t) => {
  const { directory, store, path } = await rig(t);
  await store.save(KEY, state);
  const place = await path();
  await rm(place);
  await mkdir(place);
  await assert.rejects(store.save(KEY, { ...state, sessionId: "T" }));
  assert.equal((await readdir(directory)).length, 1);
  await assert.rejects(store.load(KEY), { code: "EISDIR" });
});

test("notes that nobody went on with go after a month, and no other file does", async (t) => {
  const { directory, store, path } = await rig(t);
  await store.save(KEY, state);
  const old = await path();
  const month = 31 * 24 * 60 * 60;
  const { mtimeMs } = await stat(old);
  const mine = join(directory, "mine.json");
  await writeFile(mine, "kept");
  await writeFile(`${old}.${randomUUID()}.part`, "half");
  for (const name of await readdir(directory))
    await utimes(join(directory, name), mtimeMs / 1_000 - month, mtimeMs / 1_000 - month);
  await fileResumeStore(directory).save("another", state);
  const left = await readdir(directory);
  assert.equal(left.length, 2);
  assert.ok(left.includes("mine.json"));
  assert.equal(await store.load(KEY), null);
});

test("what can not be removed is no trouble to whoever saves", async (t) => {
  const { directory, store } = await rig(t);
  await store.save(KEY, state);
  // In place of an old note stands what is no file.
  const odd = join(directory, `${"0".repeat(64)}.json`);
  await mkdir(join(odd, "full"), { recursive: true });
  await utimes(odd, 1, 1);
  const other = fileResumeStore(directory);
  await other.save("another", state);
  await other.save("a third", state);
  assert.deepEqual(await other.load("a third"), state);
});
