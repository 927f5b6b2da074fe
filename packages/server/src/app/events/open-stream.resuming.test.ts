import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { EventRig, Follow } from "@contentlib/testkit/rigs/event-rig";
import { refusedWith, type SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { REMEMBER_MS } from "./event-feed.ts";

let rig: EventRig;
let session: SessionRig;
beforeEach(async () => {
  rig = await EventRig.open();
  ({ session } = rig);
});

const removed = (name: string): Promise<unknown> =>
  session.handlers["updateSessionFile.remove"](
    { update_session_id: session.sessionId, file_name: name },
    aCall(),
  );

test("who comes back is told what it missed, and nothing else", async () => {
  const first = await rig.followSession();
  await session.add("a.iso");
  await first.kinds();
  first.close();
  await session.add("b.iso");
  await session.add("c.iso");
  const again = await rig.followSession(first.lastId);
  assert.deepEqual(
    (await again.news()).map(({ kind, file_name }) => `${kind} ${file_name}`),
    ["FILE_ADDED b.iso", "FILE_ADDED c.iso"],
  );
});

test("what happens while the present state is being told is told behind it, once, and owed to who comes back", async () => {
  await session.add("a.iso");
  const firstId = session.sessionId;
  session.itemId = await session.handlers["item.create"](
    { create_spec: { library_id: rig.libraryId, name: "fedora" } },
    aCall(),
  );
  await session.openSession();
  const stream = await rig.open({ library_id: rig.libraryId });
  assert.ok(stream);
  const secondId = session.sessionId;
  session.sessionId = firstId;
  await session.add("late.iso");
  session.sessionId = secondId;
  await session.add("b.iso");
  const follow = new Follow(stream);
  assert.deepEqual(
    (await follow.news()).map(({ kind, file_name = "" }) => `${kind} ${file_name}`),
    [
      "SESSION_STATE ",
      "FILE_STATUS a.iso",
      "SESSION_STATE ",
      "FILE_STATUS b.iso",
      "FILE_ADDED late.iso",
    ],
  );
  const again = await rig.followLibrary(follow.ids[0] ?? null);
  const missed = await again.news();
  assert.deepEqual([missed[0]?.kind, missed[0]?.file_name], ["FILE_ADDED", "late.iso"]);
});

test("an id that is not known any more gives GAP and the present state", async () => {
  const first = await rig.followSession();
  await first.kinds();
  first.close();
  for (const id of ["other-1", "nonsense"]) {
    const again = await rig.followSession(id);
    assert.deepEqual(await again.kinds(), ["GAP", "SESSION_STATE"]);
    assert.equal(again.ids.length, 1);
    again.close();
  }
  await session.restart();
  const restarted = await rig.followSession(first.lastId);
  assert.deepEqual(await restarted.kinds(), ["GAP", "SESSION_STATE"]);
});

test("when nobody has listened for long, nothing is kept, and who comes back is told so", async () => {
  const first = await rig.followSession();
  await first.kinds();
  first.close();
  await session.clock.advance(REMEMBER_MS);
  await session.rig.app.duties.expireSessions();
  const within = await rig.followLibrary(first.lastId);
  assert.deepEqual(await within.kinds(), ["SESSION_GONE"]);
  within.close();
  await session.clock.advance(REMEMBER_MS + 1);
  await session.openSession();
  const after = await rig.followLibrary(first.lastId);
  assert.deepEqual(await after.kinds(), ["GAP", "SESSION_STATE"]);
});

test("a session that is over is told once, and then there is nothing more to hear", async () => {
  const follow = await rig.followSession();
  await follow.kinds();
  follow.close();
  await session.cancel();
  const again = await rig.followSession(follow.lastId);
  assert.deepEqual(await again.news(), [{ kind: "SESSION_STATE", state: "CANCELED" }]);
  assert.ok(again.isOver);
  const id = { update_session_id: session.sessionId };
  assert.equal(await rig.open(id, again.lastId), null);
  const fresh = await rig.followSession();
  assert.deepEqual(await fresh.news(), [{ kind: "SESSION_STATE", state: "CANCELED" }]);
  assert.equal(await rig.open(id, fresh.lastId), null);
});

test("an expired session is heard to its end, and then there is nothing more to hear", async () => {
  const follow = await rig.followSession();
  await follow.kinds();
  follow.close();
  await session.clock.advance(300_000);
  await session.rig.app.duties.expireSessions();
  const again = await rig.followSession(follow.lastId);
  assert.deepEqual(await again.kinds(), ["SESSION_GONE"]);
  const id = { update_session_id: session.sessionId };
  assert.equal(await rig.open(id, again.lastId), null);
  await refusedWith("update_session.expired", rig.open(id));
  await refusedWith("update_session.expired", rig.open(id, "other-1"));
});

test("across lost connections amid a storm of commits no event is told twice and none is missing", async () => {
  const steady = await rig.followLibrary();
  await steady.kinds();
  const [begin] = steady.ids;
  const names = ["a", "b", "c", "d"];
  let isOver = false;
  const storm = Promise.all(
    names.map(async (name, index) => {
      for (let round = 0; round < 60; round += 1) {
        const file = await session.add(name);
        if ((round + index) % 3 === 0) await session.send(file, `${name}${round}`);
        await removed(name);
      }
    }),
  ).then(() => (isOver = true));
  const heard: string[] = [];
  let lastId = begin ?? null;
  let connections = 0;
  while (!isOver) {
    const stream = await rig.open({ library_id: rig.libraryId }, lastId);
    assert.ok(stream);
    connections += 1;
    // A few parts are read, and whatever comes after them is lost with the connection.
    for (let parts = connections % 3; parts >= 0 && !isOver; parts -= 1) {
      const part = await Promise.race([stream.next(), storm.then(() => null)]);
      for (const { id, event } of part ?? []) {
        assert.notEqual(event?.kind, "GAP");
        if (id !== null) heard.push(id);
        lastId = id ?? lastId;
      }
    }
    stream.close();
  }
  await storm;
  const rest = await rig.followLibrary(lastId);
  await rest.kinds();
  await steady.kinds();
  assert.deepEqual([...heard, ...rest.ids], steady.ids.slice(1));
  assert.ok(connections > 10, String(connections));
  assert.equal(steady.ids.length - 1, new Set(steady.ids.slice(1)).size);
});
