import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { aStagedId } from "@contentlib/testkit/builders/ids";
import { appendBytes } from "@contentlib/testkit/bytes/append-bytes";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { aCall, ListingJournal } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { MemoryBlobStore } from "../adapters/blobs/memory/memory-blob-store.ts";
import { PortError } from "../ports/index.ts";
import { RELEASES_AT_ONCE_MAX, releaseStaged } from "./release-staged.ts";

const PARTIALS = 1_600;

const filledStore = async () => {
  const store = new MemoryBlobStore({ clock: { now: () => 0 } });
  const stagedIds = Array.from({ length: PARTIALS }, aStagedId);
  for (const stagedId of stagedIds)
    await appendBytes(store, stagedId, { bytes: Buffer.from("0123") });
  return { store, stagedIds };
};

test("many are dropped some at a time, in as many steps as that takes", async () => {
  const { store, stagedIds } = await filledStore();
  let steps = 0;
  let atOnce = 0;
  let most = 0;
  // Whoever begins within one turn shares its step.
  let step: Promise<void> | null = null;
  const turn = async (): Promise<void> => {
    steps += 1;
    await nextTurn();
    step = null;
  };
  const blobs = blobStoreAround(store, async (_verb, proceed) => {
    most = Math.max(most, ++atOnce);
    await (step ??= turn());
    atOnce -= 1;
    return await proceed();
  });
  await releaseStaged({ blobs, journal: new ListingJournal() }, stagedIds);
  assert.equal(most, RELEASES_AT_ONCE_MAX);
  assert.equal(steps, PARTIALS / RELEASES_AT_ONCE_MAX);
  assert.deepEqual(await Array.fromAsync(store.listStaged()), []);
});

test("each that fails is told of and left to the sweeper, and the others go", async () => {
  const { store, stagedIds } = await filledStore();
  let calls = 0;
  const blobs = blobStoreAround(store, async (_verb, proceed) => {
    if (++calls % 100 === 0) throw new PortError("unavailable", "The disk is out of order.");
    return await proceed();
  });
  const journal = new ListingJournal();
  await releaseStaged({ blobs, journal }, stagedIds);
  assert.equal(journal.troubles.length, PARTIALS / 100);
  const left = await Array.fromAsync(store.listStaged());
  assert.deepEqual(left.toSorted(), stagedIds.filter((_, at) => (at + 1) % 100 === 0).toSorted());
});

/** A rig whose storage drops so much and then never answers again, as one whose process dies on the way. */
const openDying = async (dropsMax: number) => {
  let dropsLeft = Number.POSITIVE_INFINITY;
  const dead = Promise.withResolvers<void>();
  const rig = await SessionRig.open((storage) => ({
    ...storage,
    blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
      if (verb !== "release" || dropsLeft-- > 0) return await proceed();
      dead.resolve();
      return await new Promise<never>(() => undefined);
    }),
  }));
  const dieIn = async (work: () => Promise<unknown>): Promise<void> => {
    dropsLeft = dropsMax;
    void work();
    await dead.promise;
    // The other lanes die at their next drop.
    await nextTurn();
    dropsLeft = Number.POSITIVE_INFINITY;
  };
  return { rig, dieIn };
};

describe("a process that dies among the drops leaves only rubbish, which the sweeper takes", () => {
  const FILES = 40;
  const breakOff = async (rig: SessionRig): Promise<void> => {
    const source = () => sourceOf([Buffer.from("0123")], { breakWith: new Error("Cut.") });
    for (let at = 0; at < FILES; at += 1)
      await refusedWith("transfer.interrupted", rig.append(await rig.add(`${at}.iso`), source()));
  };
  const assertSwept = async (rig: SessionRig, state: string | null): Promise<void> => {
    assert.ok((await rig.staged()).length > 0);
    await rig.restart();
    if (state === null) await refusedWith("update_session.not_found", rig.session());
    else assert.equal((await rig.session()).state, state);
    await rig.rig.app.duties.sweepStaging();
    assert.deepEqual(await rig.staged(), []);
    assert.deepEqual(rig.rig.journal.troubles, []);
  };

  test("of a session that is cancelled", async () => {
    const { rig, dieIn } = await openDying(11);
    await breakOff(rig);
    await dieIn(() => rig.cancel());
    await assertSwept(rig, "CANCELED");
  });

  test("of an interrupted session that is deleted", async () => {
    const { rig, dieIn } = await openDying(11);
    await breakOff(rig);
    await rig.handlers["updateSession.fail"](
      { update_session_id: rig.sessionId, client_error_message: "interrupted" },
      { ...aCall(), header: (name) => (name === "contentlib-keep-partials" ? "true" : null) },
    );
    await dieIn(() =>
      rig.handlers["updateSession.delete"]({ update_session_id: rig.sessionId }, aCall()),
    );
    await assertSwept(rig, null);
  });

  test("of a session that is completed, and its item has all", async () => {
    const { rig, dieIn } = await openDying(11);
    for (let at = 0; at < FILES; at += 1)
      await rig.send(await rig.add(`${at}.iso`), "the same bytes");
    await dieIn(() => rig.complete());
    assert.equal((await rig.itemFiles()).length, FILES);
    await assertSwept(rig, "DONE");
  });
});
