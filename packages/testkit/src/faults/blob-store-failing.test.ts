import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import { BUILT_AT } from "../builders/ids.ts";
import { someBytes } from "../bytes/byte-sources.ts";
import { collected } from "../bytes/read-blob.ts";
import { stageBytes, storeBytes } from "../bytes/stage-bytes.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { failingAt } from "./blob-store-failing.ts";
import { gated } from "./blob-store-gated.ts";

const memory = (): MemoryBlobStore => new MemoryBlobStore({ clock: { now: () => BUILT_AT } });

describe("failingAt", () => {
  it("fails the n-th call and no other", async () => {
    const store = failingAt(memory(), 2, { kind: "full" });
    const { stagedId, digest } = await stageBytes(store, someBytes(10));
    assert.equal(store.met, false);
    await assert.rejects(store.promote(stagedId, digest), portErrorWith("full"));
    assert.equal(store.met, true);
    await store.promote(stagedId, digest);
  });

  it("counts the verbs it is told to, and fails from then on", async () => {
    const store = failingAt(memory(), 2, { verbs: ["promote"], times: "from then on" });
    await storeBytes(store, someBytes(10, 1));
    await assert.rejects(storeBytes(store, someBytes(10, 2)), portErrorWith("unavailable"));
    await assert.rejects(storeBytes(store, someBytes(10, 3)), portErrorWith("unavailable"));
  });

  it("does the work of a call that fails late", async () => {
    const inner = memory();
    const store = failingAt(inner, 1, { verbs: ["promote"], when: "late" });
    await assert.rejects(storeBytes(store, someBytes(10)), portErrorWith("unavailable"));
    assert.equal((await collected(inner.list())).length, 1);
  });

  it("fails a listing", async () => {
    await assert.rejects(collected(failingAt(memory(), 1).list()), portErrorWith("unavailable"));
  });
});

describe("gated", () => {
  it("holds a promote until its gate is opened", async () => {
    const inner = memory();
    const store = gated(inner);
    const gate = store.hold("promote");
    const { stagedId, digest } = await stageBytes(store, someBytes(10));
    const promoting = store.promote(stagedId, digest);
    await gate.reached;
    assert.deepEqual(await collected(inner.list()), []);
    gate.open();
    await promoting;
    assert.equal((await collected(inner.list())).length, 1);
  });

  it("holds a stage when its bytes are staged", async () => {
    const inner = memory();
    const store = gated(inner);
    const gate = store.hold("stage");
    const staging = stageBytes(store, someBytes(10));
    await gate.reached;
    assert.equal((await collected(inner.listStaged())).length, 1);
    gate.open();
    assert.equal((await staging).sizeBytes, 10);
  });
});
