import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryResumeStore, parseResumeState } from "./resume-store.ts";
import type { ResumeState } from "./resume-store.ts";

const state: ResumeState = {
  version: 1,
  itemId: "I",
  sessionId: "S",
  files: [{ name: "a", sizeBytes: 3, modifiedAt: null, isReady: false }],
  keep: ["b"],
};

test("a note is read back as it was, and nothing else is one", () => {
  assert.deepEqual(parseResumeState(JSON.parse(JSON.stringify(state)), "I"), state);
  assert.deepEqual(parseResumeState({ ...state, keep: null }, "I")?.keep, null);
  const [file] = state.files;
  for (const other of [
    null,
    undefined,
    "",
    [],
    {},
    { ...state, version: 2 },
    { ...state, itemId: "J" },
    { ...state, sessionId: "" },
    { ...state, sessionId: 7 },
    { ...state, files: {} },
    { ...state, files: [null] },
    { ...state, files: [{ ...file, name: 1 }] },
    { ...state, files: [{ ...file, sizeBytes: "3" }] },
    { ...state, files: [{ ...file, modifiedAt: undefined }] },
    { ...state, files: [{ ...file, isReady: 1 }] },
    { ...state, keep: [1] },
    { ...state, keep: undefined },
  ])
    assert.equal(parseResumeState(other, "I"), null, JSON.stringify(other));
});

test("a store in memory keeps the last note of each key until it is dropped", async () => {
  const store = memoryResumeStore();
  assert.equal(await store.load("k"), null);
  await store.save("k", state);
  await store.save("k", { ...state, sessionId: "T" });
  await store.save("l", state);
  assert.deepEqual(await store.load("k"), { ...state, sessionId: "T" });
  await store.drop("k");
  await store.drop("k");
  assert.equal(await store.load("k"), null);
  assert.deepEqual(await store.load("l"), state);
});
