import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { EventReader } from "@contentlib/testkit/client/event-reader";
import { turn } from "@contentlib/testkit/rigs/event-rig";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import type { EventStream } from "../app/app.ts";
import { LISTENERS_PER_ACCOUNT_MAX } from "../app/events/event-feed.ts";
import {
  COME_BACK_AFTER_MS,
  HEARTBEAT_PERIOD_MS,
  LISTENER_STALL_TIMEOUT_MS,
} from "./event-stream.ts";
import { COMMAND_TIMEOUT_MS } from "./perform.ts";

const EVENTS = "/api/contentlib/events";
const SECOND_MS = 1000;
/** Long enough that few of them fill the buffers of both sockets. */
const LONG = 100_000;
/** After so many turns of the event loop without one more, no more parts are asked for. */
const STILL_TURNS = 200;

let rig: TransferRig;
const readers: EventReader[] = [];
beforeEach(async () => {
  rig = await TransferRig.open();
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await rig.close();
});

const pathOf = (): string => `${EVENTS}?update_session_id=${rig.sessionId}`;

const follow = async (lastEventId: string | null = null, headers = {}): Promise<EventReader> => {
  const login = { "vmware-api-session-id": await rig.wire.loginId() };
  const reader = await EventReader.open(`${rig.wire.url}${pathOf()}`, {
    headers: { ...login, ...headers },
    lastEventId,
  });
  readers.push(reader);
  return reader;
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await turn();
};

test("the head says what it is, and each event is a name, its data in one line, and mostly an id", async () => {
  const reader = await follow();
  assert.equal(reader.status, 200);
  assert.equal(reader.headers["content-type"], "text/event-stream");
  assert.equal(reader.headers["cache-control"], "no-store");
  assert.equal(reader.headers["x-accel-buffering"], "no");
  assert.match(String(reader.headers["x-request-id"]), /^request-/);
  assert.equal(reader.headers["content-encoding"], undefined);
  assert.equal(reader.headers["access-control-allow-origin"], undefined);
  await reader.until(({ name }) => name === "session-state");
  await rig.add("ä b.iso");
  const added = await reader.until(({ name }) => name === "file-added");
  assert.equal(added.data.kind, "FILE_ADDED");
  assert.equal(added.data.file_name, "ä b.iso");
  assert.equal(reader.retryMs, COME_BACK_AFTER_MS);
  assert.match(
    reader.text,
    /^retry: 2000\n\nid: [0-9a-f-]+-0\nevent: session-state\ndata: \{.*\}\n\nid: [0-9a-f-]+-1\nevent: file-added\ndata: \{.*\}\n\n$/,
  );
});

test("a connection that was lost goes on where it was, and a session that is over is 204", async () => {
  const first = await follow();
  await first.until(({ name }) => name === "session-state");
  first.close();
  await rig.add("a.iso");
  const again = await follow(first.lastId);
  await again.until(({ name }) => name === "file-added");
  await rig.act("cancel");
  await again.over();
  assert.deepEqual(
    again.events.map(({ name }) => name),
    ["file-added", "session-state"],
  );
  const nothing = await follow(again.lastId);
  await nothing.over();
  assert.deepEqual([nothing.status, nothing.text], [204, ""]);
  assert.equal((await follow("other-1")).status, 200);
});

test("a cookie is login enough, as an EventSource has it; none is 401", async () => {
  const cookie = `vmware-api-session-id=${await rig.wire.loginId()}`;
  const reader = await EventReader.open(`${rig.wire.url}${pathOf()}`, { headers: { cookie } });
  readers.push(reader);
  assert.equal(reader.status, 200);
  const refused = await rig.wire.ask("GET", pathOf());
  assert.equal(refused.status, 401);
});

test("a page of another site may not listen by the cookie of who looks at it, one of ours may", async () => {
  const id = await rig.wire.loginId();
  const cookie = `vmware-api-session-id=${id}`;
  const listen = async (headers: Record<string, string>): Promise<EventReader> => {
    const reader = await EventReader.open(`${rig.wire.url}${pathOf()}`, { headers });
    readers.push(reader);
    return reader;
  };
  const strangers = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "http://evil.example" },
  ];
  for (const stranger of strangers) {
    const told = await listen({ cookie, ...stranger });
    assert.equal(told.status, 403, JSON.stringify(stranger));
    await told.over();
    assert.match(told.text, /UNAUTHORIZED/);
    assert.equal((await listen({ "vmware-api-session-id": id, ...stranger })).status, 200);
  }
  for (const friend of [
    { "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none" },
    { origin: rig.wire.url },
  ])
    assert.equal((await listen({ cookie, ...friend })).status, 200, JSON.stringify(friend));
});

test("refusals are the API's own errors, in JSON", async () => {
  const ask = (query: string) => rig.wire.call("GET", `${EVENTS}${query}`);
  const cases: [string, number, string][] = [
    ["", 400, "INVALID_ARGUMENT"],
    [`?update_session_id=${rig.sessionId}&library_id=x`, 400, "INVALID_ARGUMENT"],
    ["?update_session_id=x", 404, "NOT_FOUND"],
    ["?library_id=x", 404, "NOT_FOUND"],
  ];
  for (const [query, status, type] of cases) {
    const told = await ask(query);
    assert.deepEqual(
      [told.status, (told.json as { error_type: string }).error_type],
      [status, type],
    );
  }
  assert.equal((await rig.wire.call("POST", pathOf())).status, 405);
});

test("too many listeners are told when to come again", async () => {
  const open = Array.from({ length: LISTENERS_PER_ACCOUNT_MAX }, () => follow());
  await Promise.all(open);
  const told = await rig.wire.call("GET", pathOf());
  assert.equal(told.status, 503);
  assert.equal(told.headers["retry-after"], "10");
  readers[0]?.close();
  for (let status = 503; status !== 200;) status = (await follow()).status;
});

test("a silent stream is kept alive by comments, and by no deadline of commands cut short", async () => {
  const reader = await follow();
  await rig.wire.clock.advance(COMMAND_TIMEOUT_MS + HEARTBEAT_PERIOD_MS);
  await until(() => reader.comments >= 5);
  assert.equal(reader.comments, 5);
  await rig.add("a.iso");
  await reader.until(({ name }) => name === "file-added");
});

test("one who takes nothing is asked for nothing more, cut, and gives its place back", async () => {
  let parts = 0;
  let isClosed = false;
  const event = { kind: "GAP", time: "x".repeat(LONG) } as const;
  const endless: EventStream = {
    next: async () => {
      parts += 1;
      await turn();
      return isClosed ? null : [{ id: null, event }];
    },
    close: () => (isClosed = true),
  };
  await rig.close();
  rig = await TransferRig.open({}, (app) => ({ ...app, events: { open: async () => endless } }));
  const reader = await follow();
  reader.pause();
  for (let before = -1, still = 0; still < STILL_TURNS; still = parts === before ? still + 1 : 0) {
    before = parts;
    await turn();
  }
  await rig.wire.clock.advance(LISTENER_STALL_TIMEOUT_MS - SECOND_MS);
  assert.equal(isClosed, false);
  await rig.wire.clock.advance(2 * SECOND_MS);
  await until(() => isClosed);
  reader.resume();
  await reader.over();
  const lines = rig.wire.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines.filter(({ level }) => Number(level) >= 50).length, 0, "no trouble of ours");
});

test("a stream that breaks is cut, not ended, and journaled once", async () => {
  const breaking = Promise.withResolvers<never>();
  const broken: EventStream = { next: () => breaking.promise, close: () => undefined };
  await rig.close();
  rig = await TransferRig.open({}, (app) => ({ ...app, events: { open: async () => broken } }));
  const reader = await follow();
  await until(() => reader.retryMs !== null);
  breaking.reject(new Error("The catalog is gone."));
  await reader.over();
  assert.equal(reader.isWhole, false);
  const failures = rig.wire.logLines.filter((line) => line.includes("The catalog is gone."));
  assert.equal(failures.length, 1);
});

test("one who is gone before the stream begins gives its place back", async () => {
  const asked = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<EventStream>();
  let isClosed = false;
  const silent: EventStream = {
    next: () => new Promise(() => undefined),
    close: () => (isClosed = true),
  };
  const open = async (): Promise<EventStream> => {
    asked.resolve();
    return await opened.promise;
  };
  await rig.close();
  rig = await TransferRig.open({}, (app) => ({ ...app, events: { open } }));
  const path = pathOf();
  const connection = rig.wire.connect();
  const login = await rig.wire.loginId();
  await connection.send(
    `GET ${path} HTTP/1.1\r\nHost: h\r\nvmware-api-session-id: ${login}\r\n\r\n`,
  );
  await asked.promise;
  connection.destroy();
  for (let turns = 0; turns < STILL_TURNS; turns += 1) await turn();
  opened.resolve(silent);
  await until(() => isClosed);
});

test("a stop of the server ends streams at once", async () => {
  const reader = await follow();
  await reader.until(({ name }) => name === "session-state");
  await rig.wire.app.drain();
  await reader.over();
  assert.equal((await rig.wire.call("GET", pathOf())).status, 503);
});
