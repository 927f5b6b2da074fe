import assert from "node:assert/strict";
import { test } from "node:test";
import { aLibrary } from "@contentlib/testkit/builders/libraries";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";
const PAST_THE_GRACE_MS = 120_000;

const remove = async (rig: SessionRig, library_id: string): Promise<void> =>
  await rig.handlers["library.delete"]({ library_id }, aCall());

test("a local library goes with its items; their sessions end and their bytes are collected", async () => {
  // S36
  const rig = await SessionRig.open();
  await rig.fill({ "a.iso": "bytes" });
  await rig.openSession();
  await rig.send(await rig.add("b.iso"), "more bytes");
  const { library_id } = await rig.item();
  await remove(rig, library_id);
  await refusedWith("library.not_found", remove(rig, library_id));
  await refusedWith("item.not_found", rig.item());
  assert.equal((await rig.session()).state, "CANCELED");
  assert.deepEqual(await rig.staged(), []);
  await rig.clock.advance(PAST_THE_GRACE_MS);
  await rig.rig.app.duties.collectBlobs();
  assert.deepEqual(await Array.fromAsync(rig.storage.blobs.list()), []);
});

test("a subscribed library goes the same way, which the local service refuses", async () => {
  const rig = await SessionRig.open();
  const library = aLibrary({ type: "SUBSCRIBED" });
  await rig.storage.catalog.commit([{ kind: "library.put", library, rev: null }]);
  const { id: library_id } = library;
  await refusedWith(
    "library.wrong_type",
    rig.handlers["localLibrary.delete"]({ library_id }, aCall()),
  );
  await remove(rig, library_id);
  const left = await wholeList(await rig.handlers["library.list"]({}, aCall()));
  assert.deepEqual(left, [(await rig.item()).library_id]);
});

test("a library that is not there is not found", async () => {
  const rig = await SessionRig.open();
  for (const id of [NOWHERE, "", "no id"]) await refusedWith("library.not_found", remove(rig, id));
});
