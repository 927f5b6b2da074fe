import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { ManualClock } from "../clock/manual-clock.ts";
import { AnswerBody, type BodyParts } from "./answer-body.ts";

const STALL_LIMIT_MS = 60_000;

/** A body that is written by hand, and what it brought. */
const handFed = (bodyBytes: number) => {
  const stream = new PassThrough();
  const parts: BodyParts = {
    answer: { status: 200, headers: {}, body: stream, close: () => undefined },
    origin: "http://depot.example",
    bodyBytes,
    clock: new ManualClock(),
    stallLimitMs: STALL_LIMIT_MS,
    signal: new AbortController().signal,
  };
  return { stream, body: new AnswerBody(parts) };
};

/** A chunk that has its memory to itself, as one read from a socket does. */
const ownChunk = (text: string): Buffer => {
  const chunk = Buffer.from(new ArrayBuffer(Buffer.byteLength(text)));
  chunk.write(text);
  return chunk;
};

test("the memory of a chunk is given back once the next one is here, and no sooner", async () => {
  const { stream, body } = handFed(9);
  const chunks: Uint8Array[] = [];
  const texts: string[] = [];
  const ended = Promise.withResolvers<void>();
  const pour = body.pourInto({
    chunk: (bytes) => {
      chunks.push(bytes);
      texts.push(Buffer.from(bytes).toString());
      // The second one belongs to the sink until it lets the source go on.
      return chunks.length !== 2;
    },
    end: ended.resolve,
    fail: ended.reject,
  });
  stream.write(ownChunk("one"));
  await turn();
  assert.equal(chunks[0]?.byteLength, 3, "whoever handed it on may still look at it");
  stream.write(ownChunk("two"));
  await turn();
  assert.deepEqual(
    chunks.map(({ byteLength }) => byteLength),
    [0, 3],
  );
  stream.end(ownChunk("six"));
  assert.equal(Buffer.from(chunks[1] ?? []).toString(), "two");
  pour.resume();
  await ended.promise;
  assert.deepEqual(
    chunks.map(({ byteLength }) => byteLength),
    [0, 0, 3],
  );
  assert.deepEqual(texts, ["one", "two", "six"]);
});

test("a chunk that is part of a larger memory is left alone", async () => {
  const { stream, body } = handFed(6);
  const shared = ownChunk("onetwo");
  const ended = Promise.withResolvers<void>();
  body.pourInto({ chunk: () => true, end: ended.resolve, fail: ended.reject });
  stream.write(shared.subarray(0, 3));
  stream.end(shared.subarray(3));
  await ended.promise;
  assert.equal(shared.toString(), "onetwo");
});
