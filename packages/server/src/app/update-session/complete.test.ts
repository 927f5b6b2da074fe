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
