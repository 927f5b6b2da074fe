import assert from "node:assert/strict";
import { test } from "node:test";
import { aCall, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";

type Update = Parameters<SessionRig["handlers"]["librarySetting.update"]>[0]["update_spec"];

const opened = async () => {
  const rig = await SessionRig.open();
  const { library_id: library } = await rig.item();
  return {
    rig,
    library,
    get: async () => await rig.handlers["librarySetting.get"]({ library }, aCall()),
    update: async (update_spec: Update) =>
      await rig.handlers["librarySetting.update"]({ library, update_spec }, aCall()),
  };
};

test("the number of its own is shown beside the one that counts, and can be taken away again", async () => {
  const { get, update } = await opened();
  const plain = { revisions_in_effect: RIG_SETTINGS.revisionsKept, reject_bad_iso: false };
  assert.deepEqual(await get(), plain);
  const own = { ...plain, revisions: 30, revisions_in_effect: 30 };
  await update({ revisions: 30 });
  assert.deepEqual(await get(), own);
  await update({});
  assert.deepEqual(await get(), own);
  await update({ unset_revisions: true });
  assert.deepEqual(await get(), plain);
});

test("whether bad images are rejected is kept, and goes back", async () => {
  const { rig, get, update } = await opened();
  await update({ reject_bad_iso: true });
  await rig.restart();
  await update({ revisions: 7 });
  assert.deepEqual(await get(), { revisions: 7, revisions_in_effect: 7, reject_bad_iso: true });
  await update({ reject_bad_iso: false });
  assert.deepEqual(await get(), { revisions: 7, revisions_in_effect: 7, reject_bad_iso: false });
});

test("it is none of the library's properties in the API, and outlives changes of those and a restart", async () => {
  const { rig, library, get, update } = await opened();
  const show = async () => await rig.handlers["library.get"]({ library_id: library }, aCall());
  const before = await show();
  await update({ revisions: 2 });
  assert.deepEqual(await show(), before);
  const update_spec = { description: "changed", version: before.version };
  await rig.handlers["library.update"]({ library_id: library, update_spec }, aCall());
  await rig.restart();
  assert.equal((await get()).revisions, 2);
});

test("a number out of its range, one that is given and taken away, and a library that is not there are refused", async () => {
  const { rig, get, update } = await opened();
  for (const spec of [
    { revisions: 0 },
    { revisions: 1_001 },
    { revisions: 2, unset_revisions: true },
  ])
    await refusedWith("library.invalid_property", update(spec));
  assert.equal((await get()).revisions, undefined);
  for (const library of [NOWHERE, ""]) {
    await refusedWith(
      "library.not_found",
      rig.handlers["librarySetting.get"]({ library }, aCall()),
    );
    await refusedWith(
      "library.not_found",
      rig.handlers["librarySetting.update"]({ library, update_spec: {} }, aCall()),
    );
  }
});

test("a copy keeps as many content versions as the library it goes to says", async () => {
  const { rig, library, update } = await opened();
  await rig.fill({ "a.iso": "a" });
  await update({ revisions: 1 });
  const id = await rig.handlers["item.copy"](
    {
      source_library_item_id: rig.itemId,
      destination_create_spec: { library_id: library, name: "copy" },
    },
    aCall(),
  );
  const changes = await rig.handlers["itemChange.list"]({ library_item: id }, aCall());
  assert.deepEqual(
    changes.map(({ version }) => version),
    ["2"],
  );
});
