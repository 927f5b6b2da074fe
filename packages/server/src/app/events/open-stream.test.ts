import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aGrant, anAccount } from "@contentlib/testkit/builders/accounts";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { EventRig } from "@contentlib/testkit/rigs/event-rig";
import { refusedWith, type SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { AccountId } from "../../domain/ids.ts";
import type { Caller } from "../call.ts";
import { LISTENERS_MAX, LISTENERS_PER_ACCOUNT_MAX, LOOK_PERIOD_MS } from "./event-feed.ts";
import { WAITING_EVENTS_MAX } from "./listener.ts";

let rig: EventRig;
let session: SessionRig;
beforeEach(async () => {
  rig = await EventRig.open();
  ({ session } = rig);
});

const anAccountId = (number: number): AccountId =>
  `00000000-0000-4000-8000-${String(number).padStart(12, "0")}` as AccountId;

/** Accounts 0 to `last`, who may see everything. */
const arrive = async (last: number): Promise<void> => {
  const ids = Array.from({ length: last + 1 }, (_, number) => anAccountId(number));
  await session.storage.catalog.commit(
    ids.flatMap((id) => [
      { kind: "account.put", account: anAccount({ id }), rev: null } as const,
      { kind: "grant.put", grant: aGrant({ subject: { kind: "account", id } }) } as const,
    ]),
  );
};

const removed = (name: string): Promise<unknown> =>
  session.handlers["updateSessionFile.remove"](
    { update_session_id: session.sessionId, file_name: name },
    aCall(),
  );

test("a stream begins with the present state, and the place is under its last event", async () => {
  await session.add("a.iso", { size: 3 });
  await session.send(await session.add("b.iso"), "bytes");
  const follow = await rig.followSession();
  assert.deepEqual(await follow.news(), [
    { kind: "SESSION_STATE", state: "ACTIVE" },
    {
      kind: "FILE_STATUS",
      file_name: "a.iso",
      file_status: "WAITING_FOR_TRANSFER",
      bytes_transferred: 0,
      size: 3,
    },
    {
      kind: "FILE_STATUS",
      file_name: "b.iso",
      file_status: "READY",
      bytes_transferred: 5,
      size: 5,
    },
  ]);
  assert.deepEqual(
    follow.told.map(({ id }) => id !== null),
    [false, false, true],
  );
  const [event] = follow.events;
  assert.equal(event?.update_session_id, session.sessionId);
  assert.equal(event?.library_item_id, session.itemId);
  assert.equal(event?.library_id, rig.libraryId);
});

test("a session is told from its begin to its end, whatever ends it", async () => {
  await session.cancel();
  const library = await rig.followLibrary();
  assert.deepEqual(await library.kinds(), []);
  assert.equal(library.ids.length, 1, "a place, though there is nothing to tell");
  await session.openSession();
  const follow = await rig.followSession();
  assert.deepEqual(await follow.kinds(), ["SESSION_STATE"]);
  const file = await session.add("a.iso");
  await session.send(file, "four");
  await session.add("a.iso");
  await removed("a.iso");
  await session.send(await session.add("b.iso"), "five!");
  await session.complete();
  const news = await follow.news();
  assert.deepEqual(
    news.map(({ kind, file_name, file_status, bytes_transferred }) =>
      [kind, file_name, file_status, bytes_transferred]
        .filter((each) => each !== undefined)
        .join(" "),
    ),
    [
      "FILE_ADDED a.iso WAITING_FOR_TRANSFER 0",
      "FILE_STATUS a.iso READY 4",
      "FILE_ADDED a.iso WAITING_FOR_TRANSFER 0",
      "FILE_REMOVED a.iso",
      "FILE_ADDED b.iso WAITING_FOR_TRANSFER 0",
      "FILE_STATUS b.iso READY 5",
      "SESSION_STATE",
    ],
  );
  assert.deepEqual(news.at(-1), { kind: "SESSION_STATE", state: "DONE" });
  assert.ok(follow.isOver, "the session's stream is over");
  assert.deepEqual(await library.news(), [{ kind: "SESSION_CREATED", state: "ACTIVE" }, ...news]);
  assert.ok(!library.isOver);
});

test("why a session or a file failed is told with it", async () => {
  const follow = await rig.followSession();
  const file = await session.add("a.iso", { size: 3 });
  await refusedWith("transfer.size_mismatch", session.send(file, "four"));
  await session.handlers["updateSession.fail"](
    { update_session_id: session.sessionId, client_error_message: "no disk" },
    aCall(),
  );
  const [, , spoilt, state] = await follow.news();
  assert.equal(spoilt?.file_status, "ERROR");
  assert.match(spoilt?.error_message?.default_message ?? "", /a\.iso/);
  assert.equal(state?.state, "ERROR");
  assert.match(state?.error_message?.default_message ?? "", /no disk/);
  assert.ok(follow.isOver);
});

test("an expired session is told as gone, with when and why", async () => {
  const follow = await rig.followSession();
  await session.clock.advance(300_000);
  await session.rig.app.duties.expireSessions();
  const gone = (await follow.news()).at(-1);
  assert.equal(gone?.kind, "SESSION_GONE");
  assert.match(gone?.error_message?.default_message ?? "", /300 s|expired/);
  assert.ok(follow.isOver);
});

test("sessions whose item goes are canceled; the stream of a library ends with it", async () => {
  const library = await rig.followLibrary();
  await session.handlers["item.delete"]({ library_item_id: session.itemId }, aCall());
  assert.deepEqual((await library.news()).at(-1), { kind: "SESSION_STATE", state: "CANCELED" });
  assert.ok(!library.isOver);
  await session.handlers["localLibrary.delete"]({ library_id: rig.libraryId }, aCall());
  await library.kinds();
  assert.ok(library.isOver);
});

test("one who does not read is told GAP and the present state, and holds a bounded number of events", async () => {
  const stream = await rig.open({ update_session_id: session.sessionId });
  assert.ok(stream !== null);
  await stream.next();
  for (let each = 0; each <= WAITING_EVENTS_MAX / 2; each += 1) {
    await session.add("a.iso");
    await removed("a.iso");
  }
  const told = await stream.next();
  assert.deepEqual(
    told?.map(({ event }) => event?.kind),
    ["GAP"],
  );
  const rest = await stream.next();
  assert.deepEqual(
    rest?.map(({ event }) => event?.kind),
    ["SESSION_STATE"],
  );
  assert.notEqual(rest?.at(-1)?.id, null);
  stream.close();
});

test("what is asked for must be one thing that is there", async () => {
  const unknown = "00000000-0000-4000-8000-000000000000";
  await refusedWith("request.missing_member", rig.open({}));
  await refusedWith(
    "request.invalid_member",
    rig.open({ update_session_id: session.sessionId, library_id: rig.libraryId }),
  );
  for (const id of [unknown, "x"]) {
    await refusedWith("update_session.not_found", rig.open({ update_session_id: id }));
    await refusedWith("library.not_found", rig.open({ library_id: id }));
  }
  const { lastId } = await rig
    .followSession()
    .then(async (follow) => (await follow.kinds(), follow));
  await refusedWith("update_session.not_found", rig.open({ update_session_id: unknown }, lastId));
});

test("of a library one hears of one's own sessions alone", async () => {
  const account = anAccount();
  const grant = aGrant({ subject: { kind: "account", id: account.id } });
  await session.storage.catalog.commit([
    { kind: "account.put", account, rev: null },
    { kind: "grant.put", grant },
  ]);
  const stranger = { ...aCall().caller, accountId: account.id };
  const stream = await session.rig.app.events.open(
    { library_id: rig.libraryId },
    { caller: stranger, lastEventId: null },
  );
  const told = stream?.next();
  const own = await rig.followLibrary();
  await session.add("a.iso");
  assert.deepEqual(await own.kinds(), ["SESSION_STATE", "FILE_ADDED"]);
  assert.deepEqual(
    (await told)?.map(({ event }) => event),
    [null],
    "the place alone",
  );
  stream?.close();
  assert.equal(await stream?.next(), null);
});

test("the places are numbered, and given back", async () => {
  await arrive(LISTENERS_MAX / LISTENERS_PER_ACCOUNT_MAX);
  const id = { update_session_id: session.sessionId };
  const of = (number: number): Caller => ({
    ...aCall().caller,
    accountId: anAccountId(Math.floor(number / LISTENERS_PER_ACCOUNT_MAX)),
  });
  const streams = await Promise.all(
    Array.from({ length: LISTENERS_MAX }, (_, number) => rig.open(id, null, of(number))),
  );
  const late = of(LISTENERS_MAX);
  await refusedWith("server.unavailable", rig.open(id, null, late));
  streams[0]?.close();
  streams[0]?.close();
  await refusedWith("request.missing_member", rig.open({}, null, late));
  assert.ok(await rig.open(id, null, late));
  await refusedWith("server.unavailable", rig.open(id, null, late));
});

test("one account can not take all places, and has its own back", async () => {
  await arrive(1);
  const id = { update_session_id: session.sessionId };
  const streams = await Promise.all(
    Array.from({ length: LISTENERS_PER_ACCOUNT_MAX }, () => rig.open(id)),
  );
  const text = await refusedWith("server.unavailable", rig.open(id));
  assert.match(text, /of this user/);
  const other = { ...aCall().caller, accountId: anAccountId(1) };
  assert.ok(await rig.open(id, null, other));
  await refusedWith("server.unavailable", rig.open(id));
  streams[0]?.close();
  streams[0]?.close();
  assert.ok(await rig.open(id));
  await refusedWith("server.unavailable", rig.open(id));
});

test("a stream ends with the login it was opened with, and listening keeps none alive", async () => {
  const follow = await rig.followSession();
  const { rig: app } = session;
  await app.app.logins.delete(aCall().caller, aCall());
  await session.clock.advance(LOOK_PERIOD_MS);
  await follow.kinds();
  assert.ok(follow.isOver);
  await rig.logIn();
  const idle = await rig.followLibrary();
  await session.clock.advance(1_800_000);
  await idle.kinds();
  assert.ok(!idle.isOver);
  await session.clock.advance(LOOK_PERIOD_MS);
  await idle.kinds();
  assert.ok(idle.isOver);
});

test("a shutdown ends every stream, and none begins any more", async () => {
  const follow = await rig.followSession();
  const library = await rig.followLibrary();
  await session.rig.app.drain();
  await follow.kinds();
  assert.ok(follow.isOver && library.isOver);
  await refusedWith("server.unavailable", rig.open({ library_id: rig.libraryId }));
});
