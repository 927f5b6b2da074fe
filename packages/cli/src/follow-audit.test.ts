import assert from "node:assert/strict";
import { test } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { ConnectionError, LibraryError } from "@contentlib/client";
import type { AuditEntry } from "@contentlib/client";
import { followAudit } from "./follow-audit.ts";
import { makeOutput } from "./output.ts";

const START = Date.parse("2027-01-31T12:00:00.000Z");

const entry = (id: number, lastSecond = id, count = 1): AuditEntry => ({
  id: String(id),
  event: "CHANGE",
  operation: "item.create",
  actor: "SERVER",
  objects: [],
  first_time: new Date(START + id * 1_000).toISOString(),
  last_time: new Date(START + lastSecond * 1_000).toISOString(),
  count,
});

const away = (): Error => new ConnectionError("The server can not be reached.", {});

/** Follows a trail that answers so, call after call, and tells what was seen when there is no more to ask. */
async function followed(answers: readonly (readonly AuditEntry[] | Error)[]) {
  const left = [...answers];
  const streams = capturedStreams();
  const waits: number[] = [];
  const told: string[] = [];
  const interrupt = new AbortController();
  const outcome: unknown = await followAudit({
    services: {
      audit: {
        list: async () => {
          const answer = left.shift() ?? [];
          if (answer instanceof Error) throw answer;
          return { entries: answer.toReversed() };
        },
      },
    },
    filters: {},
    limit: 10,
    output: makeOutput(streams, { isJson: false, isVerbose: false, hasColor: false }),
    signal: interrupt.signal,
    tell: ({ id, count }) => void told.push(`${id} x${count}`),
    wait: async (durationMs) => {
      waits.push(durationMs);
      if (left.length > 0) return;
      interrupt.abort();
      interrupt.signal.throwIfAborted();
    },
  }).catch((error: unknown) => error);
  return { told, waits, outcome, err: streams.err() };
}

test("a server that is away is waited for, longer and longer, and that is told once", async () => {
  const first = [entry(1), entry(2)];
  const { told, waits, err } = await followed([
    first,
    ...Array.from({ length: 6 }, away),
    [...first, entry(3)],
    [...first, entry(3), entry(4)],
  ]);
  assert.deepEqual(told, ["1 x1", "2 x1", "3 x1", "4 x1"]);
  assert.deepEqual(waits.slice(0, 7), [2_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  assert.equal(err.match(/can not be reached/g)?.length, 1);
  assert.match(err, /asked again until it answers.*\nThe server answers again\.\n$/s);
});

test("a second time away is told again, and waited for from the beginning", async () => {
  const { waits, err } = await followed([[], away(), away(), [], away(), []]);
  assert.deepEqual(waits, [2_000, 2_000, 4_000, 2_000, 2_000, 2_000]);
  assert.equal(err.match(/can not be reached/g)?.length, 2);
});

test("an entry that grew is told again, and nothing else twice", async () => {
  const { told } = await followed([
    [entry(1), entry(2)],
    [entry(1, 9, 3), entry(2)],
    away(),
    [entry(1, 9, 3), entry(2)],
  ]);
  assert.deepEqual(told, ["1 x1", "2 x1", "1 x3"]);
});

test("what does not pass ends it: a refusal, a certificate that is not trusted, and no server at first", async () => {
  const refusal = new LibraryError({ class: "unauthenticated", messages: [], status: 401 });
  assert.equal((await followed([[], refusal, []])).outcome, refusal);
  const stranger = new ConnectionError("not trusted", { untrustedOrigin: "https://lib.example" });
  assert.equal((await followed([[], stranger, []])).outcome, stranger);
  const none = away();
  assert.equal((await followed([none, []])).outcome, none);
});

test("a server that says that it is stopping or busy is waited for as well", async () => {
  const busy = new LibraryError({ class: "service_unavailable", messages: [], status: 503 });
  const { told } = await followed([[], busy, [entry(1)]]);
  assert.deepEqual(told, ["1 x1"]);
});
