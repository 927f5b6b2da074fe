import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { Fault } from "../app/fault.ts";
import { parseBody } from "./body.ts";

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
