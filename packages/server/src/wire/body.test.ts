import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { COMMAND_BODY_BYTES_MAX } from "@contentlib/contract/vocabulary";
import { Fault } from "../app/fault.ts";
import { BODY_SURPLUS_BYTES_MAX, parseBody, readBody, skipBody } from "./body.ts";
import { Refusal } from "./refusal.ts";

const parsed = (text: Buffer | string): unknown =>
  parseBody({ headers: {} } as IncomingMessage, Buffer.from(text));

const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

test("a body may be 64 levels deep and no more, however many brackets it has", () => {
  assert.deepEqual(parsed(nested(64)), JSON.parse(nested(64)));
  assert.throws(() => parsed(nested(65)), Fault);
  assert.throws(() => parsed(`{"a":${nested(64)}}`), Fault);
  const wide = JSON.stringify(Array.from({ length: 1_000 }, () => ({ a: [] })));
  assert.deepEqual(parsed(wide), JSON.parse(wide));
  const inText = JSON.stringify({ a: `\\"${nested(200)}` });
  assert.deepEqual(parsed(inText), JSON.parse(inText));
});

test("a body is UTF-8, with a byte order mark or without", () => {
  assert.deepEqual(parsed('{"name":"Büro 日本"}'), { name: "Büro 日本" });
  assert.deepEqual(parsed('\u{feff}{"name":"plain"}'), { name: "plain" });
  assert.throws(() => parsed(Buffer.from([0x22, 0xff, 0x22])), Fault);
});

test("a body of nothing but space is none", () => {
  assert.equal(parsed(""), undefined);
  assert.equal(parsed(" \r\n\t"), undefined);
});

describe("a body that is too long", () => {
  const NEVER = new AbortController().signal;
  const MIB = 1024 * 1024;
  const sending = () => {
    const stream = new PassThrough({ highWaterMark: 64 * MIB });
    Object.assign(stream, { headers: { "transfer-encoding": "chunked" } });
    return { stream, request: stream as unknown as IncomingMessage };
  };
  const isRefused = (isClosing: boolean) => (error: unknown) =>
    error instanceof Refusal &&
    error.status === 413 &&
    (error.headers["Connection"] === "close") === isClosing;

  test("is read past, and none of it is kept", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { stream, request } = sending();
    const reading = assert.rejects(readBody(request, NEVER), isRefused(false));
    const sent: WeakRef<Buffer>[] = [];
    for (let count = 0; count < 8; count += 1) {
      const chunk = Buffer.alloc(MIB);
      sent.push(new WeakRef(chunk));
      stream.write(chunk);
      await turn();
    }
    collect();
    const keptCount = sent.filter((chunk) => chunk.deref() !== undefined).length;
    assert.ok(keptCount <= 1, `${keptCount} chunks are kept`);
    stream.end();
    await reading;
  });

  test("beyond what is read past, or late, costs the connection", async () => {
    for (const read of [readBody, skipBody]) {
      const { stream, request } = sending();
      const outcome = read(request, NEVER);
      stream.end(Buffer.alloc(COMMAND_BODY_BYTES_MAX + BODY_SURPLUS_BYTES_MAX + 1));
      if (read === skipBody) assert.equal(await outcome, false);
      else await assert.rejects(outcome, isRefused(true));
    }
    const patience = new AbortController();
    const { stream, request } = sending();
    const late = assert.rejects(readBody(request, patience.signal), isRefused(true));
    stream.write(Buffer.alloc(COMMAND_BODY_BYTES_MAX + 1));
    await turn();
    patience.abort();
    await late;
  });

  test("whose sender is gone already, or whose time is up, is not waited for", async () => {
    const { stream, request } = sending();
    stream.destroy();
    assert.equal(await skipBody(request, NEVER), false);
    assert.equal(await skipBody(sending().request, AbortSignal.abort()), false);
  });
});
