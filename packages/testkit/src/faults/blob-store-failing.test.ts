import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import { BUILT_AT, aStagedId } from "../builders/ids.ts";
import { appendBytes, finishPartial } from "../bytes/append-bytes.ts";
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

  it("fails the calls of partials", async () => {
    const store = failingAt(memory(), 2, { verbs: ["append", "finish"], kind: "full" });
    const stagedId = aStagedId();
    await appendBytes(store, stagedId, { bytes: someBytes(10) });
    await assert.rejects(finishPartial(store, stagedId, { sizeBytes: 10 }), portErrorWith("full"));
    assert.equal((await finishPartial(store, stagedId, { sizeBytes: 10 })).sizeBytes, 10);
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

  for (const verb of ["append", "finish"] as const) {
    it(`holds a call of \`${verb}\` when its bytes are safe`, async () => {
      const inner = memory();
      const store = gated(inner);
      const gate = store.hold(verb);
      const stagedId = aStagedId();
      const sizeBytes = 10;
      const finishing = appendBytes(store, stagedId, { bytes: someBytes(sizeBytes) }).then(() =>
        finishPartial(store, stagedId, { sizeBytes }),
      );
      await gate.reached;
      assert.equal((await finishPartial(inner, stagedId, { sizeBytes })).sizeBytes, sizeBytes);
      gate.open();
      assert.equal((await finishing).sizeBytes, sizeBytes);
    });
  }
});
