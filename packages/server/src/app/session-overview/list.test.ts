import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionOverview } from "@contentlib/contract";
import { LongList } from "@contentlib/server/app/call";
import type { ItemId } from "@contentlib/server/domain/ids";
import { PAGE_LENGTH_MAX } from "@contentlib/server/ports/index";
import { anUpdateSession } from "@contentlib/testkit/builders/sessions";
import { aCall, RIG_SETTINGS, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const open = async () => {
  const rig = await AccessRig.open();
  return {
    rig,
    list: async (
      state?: SessionOverview["state"],
      call = aCall(),
    ): Promise<readonly SessionOverview[]> => {
      const input = state === undefined ? {} : { state };
      return await wholeList(await rig.handlers["sessionOverview.list"](input, call));
    },
  };
};

test("administrators see whose each session is, where, and how far", async () => {
  const { rig, list } = await open();
  const library = await rig.library();
  const item = await rig.filledItem(library, "12345");
  const ben = await rig.user("editor");
  const token = await rig.token(ben);
  const update = await rig.updateSession(item, token.call());
  await rig.send(await rig.addFile(update, "b.iso", token.call()), "123");
  const download = await rig.download(item, ben.call());
  const [done, active, reading] = await list();
  assert.equal(done?.state, "DONE");
  assert.equal(done.end_time !== undefined, true);
  const { creation_time: _made, expiration_time: _ends, ...shown } = active ?? {};
  const place = {
    library_item_id: item,
    item_name: "debian",
    library_id: library,
    library_name: "images",
  };
  assert.deepEqual(shown, {
    session_id: update,
    kind: "UPDATE",
    state: "ACTIVE",
    user_id: ben.id,
    user: ben.name,
    token_id: token.id,
    ...place,
    client_progress: 0,
    bytes_transferred: 3,
  });
  assert.equal(reading?.session_id, download.id);
  assert.equal(reading?.kind, "DOWNLOAD");
  assert.equal(reading?.token_id, undefined);
});

test("a state chooses, and sessions whose time is up are gone", async () => {
  const { rig, list } = await open();
  const item = await rig.filledItem(await rig.library());
  await rig.updateSession(item, aCall());
  await rig.download(item, aCall());
  const kinds = async (state: SessionOverview["state"]) =>
    (await list(state)).map(({ kind }) => kind);
  assert.deepEqual(await kinds("ACTIVE"), ["UPDATE", "DOWNLOAD"]);
  assert.deepEqual(await kinds("DONE"), ["UPDATE"]);
  assert.deepEqual(await kinds("ERROR"), []);
  await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
  assert.deepEqual(await kinds("ACTIVE"), []);
});

test("nobody else sees the sessions of all", async () => {
  const { rig, list } = await open();
  const editor = await rig.user("editor");
  await refusedWith("access.missing_right", list(undefined, editor.call()));
});

test("a list that is longer than a page comes in pages", async () => {
  const { rig } = await open();
  const itemId = (await rig.item(await rig.library())) as ItemId;
  const over = { itemId, expiresAt: rig.clock.now() + RIG_SETTINGS.sessionTimeoutMs };
  for (let count = 0; count <= PAGE_LENGTH_MAX; count += 1) {
    const session = anUpdateSession(over);
    const done = { ...session, state: "DONE", endedAt: rig.clock.now() } as const;
    const outcome = await rig.storage.catalog.commit([
      { kind: "session.create", session, files: [] },
      { kind: "session.put", session: done, rev: 1 },
    ]);
    assert.deepEqual(outcome, { kind: "committed" });
  }
  const answer = await rig.handlers["sessionOverview.list"]({}, aCall());
  assert.ok(answer instanceof LongList);
  const pages = await Array.fromAsync(answer.pages);
  assert.ok(pages.length > 1 && pages.every((page) => page.length <= PAGE_LENGTH_MAX));
  assert.equal(new Set(pages.flat().map((one) => one.session_id)).size, PAGE_LENGTH_MAX + 1);
});
