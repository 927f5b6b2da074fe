import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import { HandSource, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import type { GatedBlobStore } from "@contentlib/testkit/faults/blob-store-gated";
import { gated } from "@contentlib/testkit/faults/blob-store-gated";
import type { GatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { gatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { aCall, RIG_SETTINGS, startApp } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { PortError } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import { YIELD_WAIT_MS } from "../transfers/until-written.ts";

const broken = (text: string) =>
  sourceOf([Buffer.from(text)], { breakWith: new Error("The line went dead.") });

const INTERRUPTED: Call = { ...aCall(), header: () => "true" };

const interrupt = async (rig: SessionRig): Promise<void> => {
  await rig.handlers["updateSession.fail"]({ update_session_id: rig.sessionId }, INTERRUPTED);
};

const expire = async (rig: SessionRig): Promise<void> => {
  await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
  await rig.rig.app.duties.expireSessions();
};

const SPEC = { size: 10 };

const withFour = async (rig: SessionRig): Promise<void> => {
  const file = await rig.add("boot.iso", SPEC);
  await refusedWith("transfer.interrupted", rig.append(file, broken("0123")));
};

/** Resolves when whatever waits for nothing but memory has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Gates {
  readonly rig: SessionRig;
  readonly writes: GatedCatalog;
  readonly blobs: GatedBlobStore;
}

const openGated = async (): Promise<Gates> => {
  const gates: Omit<Gates, "rig">[] = [];
  const rig = await SessionRig.open((storage) => {
    const writes = gatedCatalog(storage.catalog);
    const blobs = gated(storage.blobs);
    gates.push({ writes, blobs });
    return { ...storage, catalog: writes.catalog, blobs };
  });
  const [made] = gates;
  assert.ok(made);
  return { rig, ...made };
};

describe("kept bytes when several things happen at once", () => {
  test("the purge takes them while a file is being added: the file begins at 0", async () => {
    const { rig, writes } = await openGated();
    await withFour(rig);
    await interrupt(rig);
    await rig.openSession();
    await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs - 1);
    const gate = writes.hold("partial.put");
    const adding = rig.add("boot.iso", SPEC);
    await gate.reached;
    await rig.clock.advance(RIG_SETTINGS.partialTtlMs);
    await rig.rig.app.duties.purge();
    assert.deepEqual(await rig.staged(), []);
    gate.open();
    // The session has expired meanwhile, too; what matters is that the add does not get bytes that are gone.
    await assert.rejects(adding);
    await rig.openSession();
    assert.equal((await rig.add("boot.iso", SPEC)).bytes_transferred, 0);
  });

  test("a file is added while the purge decides: the bytes are the file's", async () => {
    const { rig, writes } = await openGated();
    await withFour(rig);
    await interrupt(rig);
    await rig.openSession();
    await rig.clock.advance(1_000);
    const gate = writes.hold("kept-partial.take");
    const { blobs, catalog } = rig.storage;
    // As little is kept as an operator may say, so that it is old already.
    const other = await startApp(
      rig.clock,
      { blobs, catalog },
      { ...RIG_SETTINGS, partialTtlMs: 1 },
    );
    const purging = other.app.duties.purge();
    await gate.reached;
    const file = await rig.add("boot.iso", SPEC);
    assert.equal(file.bytes_transferred, 4);
    gate.open();
    await purging;
    assert.equal((await rig.staged()).length, 1);
    assert.equal((await rig.append(file, "456789", { offsetBytes: 4 })).isComplete, true);
  });

  test("the sweeper runs between the end and what follows it: nothing is lost", async () => {
    const { rig, writes } = await openGated();
    await withFour(rig);
    const gate = writes.hold("partials.keep", "after");
    const ending = interrupt(rig);
    await gate.reached;
    await rig.rig.app.duties.sweepStaging();
    gate.open();
    await ending;
    await rig.openSession();
    assert.equal((await rig.add("boot.iso", SPEC)).bytes_transferred, 4);
  });

  test("an expiry that comes too late keeps nothing, and the session goes on", async () => {
    const { rig, writes } = await openGated();
    await withFour(rig);
    await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
    const gate = writes.hold("partials.keep");
    const expiring = rig.rig.app.duties.expireSessions();
    await gate.reached;
    const expiresAt = rig.clock.now() + 1_000;
    await rig.storage.catalog.commit([
      { kind: "session.extend", id: rig.sessionId as never, expiresAt },
    ]);
    gate.open();
    await expiring;
    assert.equal((await rig.session()).state, "ACTIVE");
    assert.deepEqual(await rig.storage.catalog.housekeeping.listKeptBefore(Infinity), []);
    await rig.cancel();
    assert.deepEqual(await rig.staged(), []);
  });

  for (const [name, end] of Object.entries({ expiry: expire, interruption: interrupt })) {
    test(`a whole file is being judged at the ${name}: its bytes are kept`, async () => {
      const { rig, blobs } = await openGated();
      const file = await rig.add("boot.iso", SPEC);
      const gate = blobs.hold("finish");
      const sending = assert.rejects(rig.append(file, "0123456789"));
      await gate.reached;
      // The judgement goes on only when the session has ended.
      const ending = end(rig);
      await settled();
      await rig.clock.advance(YIELD_WAIT_MS);
      await ending;
      gate.open();
      await sending;
      assert.equal((await rig.staged()).length, 1);
      await rig.openSession();
      const again = await rig.add("boot.iso", SPEC);
      assert.equal(again.bytes_transferred, 10);
      assert.equal((await rig.resume(again)).isComplete, true);
      await rig.complete();
      assert.deepEqual(await rig.staged(), []);
    });

    test(`a writer that hangs after the ${name} is waited for, and then left alone`, async () => {
      const { rig, blobs } = await openGated();
      await withFour(rig);
      const file = await rig.file("boot.iso");
      const gate = blobs.hold("append");
      const source = new HandSource();
      const sending = assert.rejects(rig.append(file, source, { offsetBytes: 4 }));
      await source.poured;
      const ending = end(rig);
      await gate.reached;
      await rig.clock.advance(YIELD_WAIT_MS);
      await ending;
      await rig.openSession();
      const adding = rig.add("boot.iso", SPEC);
      await settled();
      await rig.clock.advance(YIELD_WAIT_MS);
      const early = await adding;
      assert.equal(early.bytes_transferred, 0, "somebody may still be writing");
      gate.open();
      await sending;
      assert.equal((await rig.add("boot.iso", SPEC)).bytes_transferred, 4);
    });
  }
});

describe("kept bytes go first when there is no room", () => {
  // S87
  const openSmall = () =>
    SessionRig.open((storage) => ({
      ...storage,
      blobs: new MemoryBlobStore({ clock: { now: () => 0 }, capacityBytes: 12 }),
    }));

  for (const isPlain of [true, false])
    test(`under a ${isPlain ? "whole file" : "piece"}, which finds it the next time`, async () => {
      const rig = await openSmall();
      await withFour(rig);
      await interrupt(rig);
      await rig.openSession();
      const file = await rig.add("other.iso", SPEC);
      const send = async (): Promise<void> => {
        if (isPlain) await rig.send(file, "0123456789");
        else await rig.append(file, "0123456789");
      };
      await refusedWith("server.storage_full", send());
      const told = rig.rig.journal.events.filter(({ kind }) => kind === "partialsDropped");
      assert.deepEqual(told, [{ kind: "partialsDropped", event: { count: 1, sizeBytes: 4 } }]);
      await send();
      await rig.complete();
      await rig.openSession();
      assert.equal((await rig.add("boot.iso", SPEC)).bytes_transferred, 0);
      assert.deepEqual(rig.rig.journal.troubles, []);
    });

  test("under complete, which goes on", async () => {
    let failures = 0;
    const rig = await SessionRig.open((storage) => ({
      ...storage,
      blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
        if (verb !== "promote" || failures === 0) return await proceed();
        failures -= 1;
        throw new PortError("full", "There is no room.");
      }),
    }));
    await withFour(rig);
    await interrupt(rig);
    await rig.openSession();
    await rig.send(await rig.add("other.iso"), "whole");
    failures = 1;
    await rig.complete();
    assert.deepEqual(await rig.staged(), []);
    assert.equal((await rig.session()).state, "DONE");
    await rig.openSession();
    await rig.send(await rig.add("next.iso"), "whole");
    failures = 1;
    await refusedWith("update_session.invalid_state", rig.complete());
  });

  test("where there are none, nothing is told but that there is no room", async () => {
    const rig = await openSmall();
    await refusedWith("server.storage_full", rig.send(await rig.add("a.iso"), "0123456789abcd"));
    assert.ok(!rig.rig.journal.events.some(({ kind }) => kind === "partialsDropped"));
  });
});
