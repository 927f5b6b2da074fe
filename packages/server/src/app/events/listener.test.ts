import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventKind } from "@contentlib/contract";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import type { AccountId, LibraryId, UpdateSessionId } from "../../domain/ids.ts";
import type { LoggedEvent, EventSubject } from "./event-log.ts";
import { isWithin, Listener, WAITING_EVENTS_MAX } from "./listener.ts";

const sessionId = "s" as string as UpdateSessionId;
const ownerId = "a" as string as AccountId;
const libraryId = "l" as string as LibraryId;
const subject: EventSubject = { sessionId, ownerId, libraryId };

let sequence = 0;
const told = (kind: EventKind, file_name: string, bytes_transferred: number): LoggedEvent => {
  const event = { kind, time: "", update_session_id: sessionId, file_name, bytes_transferred };
  const isKept = kind !== "PROGRESS";
  if (isKept) sequence += 1;
  return {
    subject,
    sequence: isKept ? sequence : null,
    told: { id: isKept ? String(sequence) : null, event },
  };
};
const aListener = (): Listener => new Listener({ kind: "session", sessionId }, aCall().caller);
const taken = (listener: Listener): string[] =>
  listener
    .take()
    .map(({ event }) => `${event?.kind} ${event?.file_name} ${event?.bytes_transferred}`);

test("of PROGRESS only the newest of each file waits, and none that another event has overtaken", () => {
  const listener = aListener();
  listener.offer(told("PROGRESS", "a", 1));
  listener.offer(told("PROGRESS", "b", 1));
  listener.offer(told("PROGRESS", "a", 2));
  assert.equal(listener.waiting, 2);
  assert.deepEqual(taken(listener), ["PROGRESS a 2", "PROGRESS b 1"]);
  assert.equal(listener.waiting, 0);
  listener.offer(told("PROGRESS", "a", 3));
  listener.offer(told("FILE_STATUS", "a", 4));
  listener.offer(told("PROGRESS", "b", 5));
  assert.deepEqual(taken(listener), ["FILE_STATUS a 4", "PROGRESS b 5"]);
  assert.deepEqual(taken(listener), []);
});

test("a listener too far behind has lost its place, and holds nothing meanwhile", async () => {
  const listener = aListener();
  for (let each = 0; each < WAITING_EVENTS_MAX; each += 1)
    listener.offer(told("FILE_STATUS", "a", each));
  assert.equal(listener.isLost, false);
  listener.offer(told("FILE_STATUS", "a", 0));
  listener.offer(told("FILE_STATUS", "a", 0));
  assert.equal(listener.isLost, true);
  assert.deepEqual(taken(listener), []);
  await listener.changed();
  listener.startOver();
  listener.offer(told("FILE_STATUS", "a", 7));
  assert.deepEqual(taken(listener), ["FILE_STATUS a 7"]);
});

test("what waits is told after the end, and nothing after the close", async () => {
  const listener = aListener();
  listener.offer(told("FILE_STATUS", "a", 1));
  listener.end();
  listener.offer(told("FILE_STATUS", "a", 2));
  assert.equal(listener.isOver, false);
  assert.deepEqual(taken(listener), ["FILE_STATUS a 1"]);
  assert.equal(listener.isOver, true);
  await listener.changed();
  const closed = aListener();
  const changed = closed.changed();
  closed.close();
  await changed;
  assert.equal(closed.isClosed, true);
});

test("a library's events are its owner's; a session's are whoever's asks for it", () => {
  const other = "b" as string as AccountId;
  assert.ok(isWithin({ kind: "library", libraryId, ownerId }, subject));
  assert.ok(!isWithin({ kind: "library", libraryId, ownerId: other }, subject));
  assert.ok(!isWithin({ kind: "library", libraryId, ownerId }, { ...subject, libraryId: null }));
  assert.ok(isWithin({ kind: "session", sessionId }, { ...subject, ownerId: other }));
});
