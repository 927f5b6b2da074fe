import assert from "node:assert/strict";
import { test } from "node:test";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { BlobStore } from "../../ports/index.ts";

/** A session whose next promote waits until somebody else has done what they came for. */
const openWith = async (
  meanwhile: (rig: SessionRig) => Promise<unknown>,
): Promise<{ readonly rig: SessionRig; arm(): void }> => {
  let isArmed = false;
  const around = (inner: BlobStore): BlobStore => ({
    partials: inner.partials,
    stage: (...given) => inner.stage(...given),
    promote: async (...given) => {
      if (isArmed) {
        isArmed = false;
        await meanwhile(rig);
      }
      await inner.promote(...given);
    },
    open: (digest) => inner.open(digest),
    openStaged: (stagedId) => inner.openStaged(stagedId),
    checksumsOf: (...given) => inner.checksumsOf(...given),
    release: (stagedId) => inner.release(stagedId),
    delete: (digest) => inner.delete(digest),
    listStaged: () => inner.listStaged(),
    list: () => inner.list(),
    freeBytes: () => inner.freeBytes(),
  });
  const rig = await SessionRig.open((storage) => ({ ...storage, blobs: around(storage.blobs) }));
  return { rig, arm: () => (isArmed = true) };
};

test("a file that is removed while its bytes are promoted is not the storage's failure", async () => {
  // S37, S41
  const { rig, arm } = await openWith((each) =>
    each.handlers["updateSessionFile.remove"](
      { update_session_id: each.sessionId, file_name: "a.iso" },
      aCall(),
    ),
  );
  await rig.send(await rig.add("a.iso"), "a");
  arm();
  await rig.complete();
  assert.equal((await rig.session()).state, "DONE");
  assert.deepEqual(await rig.itemFiles(), []);
  assert.equal((await rig.item()).content_version, "1", "nothing was left to change");
});

test("a session whose item is deleted while it completes is refused as what it has become", async () => {
  // S36, S41
  const { rig, arm } = await openWith((each) =>
    each.handlers["item.delete"]({ library_item_id: each.itemId }, aCall()),
  );
  await rig.send(await rig.add("a.iso"), "a");
  arm();
  const text = await refusedWith("update_session.invalid_state", rig.complete());
  assert.match(text, /CANCELED/);
  assert.doesNotMatch(text, /storage failed/);
});

test("bytes that can not be given up are the sweeper's affair, and complete has succeeded nevertheless", async () => {
  // S37
  const { rig } = await openWith(async () => undefined);
  await rig.send(await rig.add("a.iso"), "the same bytes");
  await rig.send(await rig.add("b.iso"), "the same bytes");
  const { release } = rig.storage.blobs;
  rig.storage.blobs.release = () => Promise.reject(new Error("The disk is out of order."));
  await rig.complete();
  rig.storage.blobs.release = release;
  assert.equal((await rig.session()).state, "DONE");
  assert.deepEqual(
    rig.rig.journal.troubles.map((trouble) => trouble.where),
    ["releasing staged bytes"],
  );
  await rig.rig.app.duties.sweepStaging();
  assert.deepEqual(await rig.staged(), []);
});

const completeSaying = async (rig: SessionRig, text: string): Promise<void> =>
  await rig.handlers["updateSession.complete"](
    { update_session_id: rig.sessionId },
    { ...aCall(), changeMessage: () => text },
  );

const saidOf = async (rig: SessionRig, version: string): Promise<string | undefined> => {
  const change = { library_item: rig.itemId, version };
  return (await rig.handlers["itemChange.get"](change, aCall())).message;
};

test("what whoever completes says of the change is told with it, in any language", async () => {
  // S88
  const rig = await SessionRig.open();
  for (const [index, text] of [
    "Fixes the boot order",
    "grün, 100 %; 💾",
    "Fixes the boot order\n\nThe loader looked at the second disk first.\n",
    "x".repeat(1_000),
  ].entries()) {
    if (index > 0) await rig.openSession();
    await rig.send(await rig.add("a.iso"), text);
    await completeSaying(rig, text);
    assert.equal(await saidOf(rig, String(index + 2)), text);
  }
  const [newest] = await rig.handlers["itemChange.list"]({ library_item: rig.itemId }, aCall());
  assert.equal(newest?.short_message, "x".repeat(80));
});

test("an empty text says nothing, and where nothing changed there is nothing to say it of", async () => {
  // S88
  const rig = await SessionRig.open();
  await rig.send(await rig.add("a.iso"), "a");
  await completeSaying(rig, "");
  assert.equal(await saidOf(rig, "2"), undefined);
  await rig.openSession();
  await completeSaying(rig, "nothing");
  assert.equal((await rig.item()).content_version, "2");
});

test("what can not be kept of a change is refused, and the session goes on", async () => {
  // S88
  const rig = await SessionRig.open();
  await rig.send(await rig.add("a.iso"), "a");
  for (const said of ["a\u0007bell", "\u0000", "x".repeat(1_001)]) {
    const text = await refusedWith("item.invalid_change_message", completeSaying(rig, said));
    assert.match(text, /the header contentlib-message/);
    assert.equal((await rig.session()).state, "ACTIVE");
  }
  await rig.complete();
  assert.equal(await saidOf(rig, "2"), undefined);
});

test("a library keeps as many content versions as it says itself, from the next change on", async () => {
  const rig = await SessionRig.open();
  await rig.fill({ "a.iso": "version 2" });
  const { library_id: library } = await rig.item();
  await rig.handlers["librarySetting.update"]({ library, update_spec: { revisions: 2 } }, aCall());
  for (const version of [3, 4, 5]) {
    await rig.openSession();
    await rig.fill({ "a.iso": `version ${version}` });
  }
  const changes = await rig.handlers["itemChange.list"]({ library_item: rig.itemId }, aCall());
  assert.deepEqual(
    changes.map(({ version }) => version),
    ["5", "4"],
  );
});
