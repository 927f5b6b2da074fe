import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId, UpdateSessionId } from "../../domain/ids.ts";
import { EventLog } from "./event-log.ts";

const subject = {
  sessionId: "s" as string as UpdateSessionId,
  ownerId: "a" as string as AccountId,
  libraryId: null,
};
const append = (log: EventLog, count: number): void => {
  for (let each = 0; each < count; each += 1)
    log.append(subject, { kind: "GAP", time: String(log.place + 1) });
};
const timesAfter = (log: EventLog, place: number): (string | undefined)[] =>
  [...log.after(place)].map(({ told }) => told.event?.time);

test("whoever names a place gets every event behind it, in order, and none before", () => {
  const log = new EventLog("boot", 3);
  append(log, 2);
  assert.deepEqual(timesAfter(log, 0), ["1", "2"]);
  assert.deepEqual(timesAfter(log, 1), ["2"]);
  assert.deepEqual(timesAfter(log, 2), []);
  append(log, 3);
  assert.deepEqual(timesAfter(log, 2), ["3", "4", "5"]);
});

test("a place is known exactly as long as all events behind it are kept", () => {
  const log = new EventLog("boot", 3);
  append(log, 5);
  const known = [0, 1, 2, 3, 4, 5, 6].filter((place) => log.placeOf(`boot-${place}`) !== null);
  assert.deepEqual(known, [2, 3, 4, 5]);
});

test("ids of another start, and texts that are no ids, name no place", () => {
  const log = new EventLog("boot", 3);
  append(log, 1);
  for (const id of ["other-1", "1", "", "boot-", "boot--1", "boot-1.0", "boot-1e0", "boot- 1"])
    assert.equal(log.placeOf(id), null, id);
  assert.equal(log.placeOf(log.idOf(1)), 1);
});

test("after forgetting, nobody who had a place before is told that nothing was missed", () => {
  const log = new EventLog("boot", 3);
  append(log, 2);
  const before = log.idOf(log.place);
  log.forget();
  assert.equal(log.placeOf(before), null);
  assert.equal(log.placeOf(log.idOf(log.place)), log.place);
  append(log, 1);
  assert.equal(timesAfter(log, log.place - 1).length, 1);
});
