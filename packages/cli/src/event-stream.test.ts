import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readEvents } from "./event-stream.ts";
import type { StreamedEvent } from "./event-stream.ts";

const STREAM =
  ': hello\nretry: 2000\n\nid: 1\nevent: file-added\ndata: {"a":\ndata: 1}\n\n' +
  "data: ü💿\r\n\r\nid: 7\n\nid\ndata: last\n\ndata: cut off";

async function* inPieces(cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(STREAM);
  let from = 0;
  for (const cut of [
    ...cuts.map((one) => one % bytes.length).toSorted((a, b) => a - b),
    bytes.length,
  ]) {
    yield await Promise.resolve(bytes.subarray(from, cut));
    from = cut;
  }
}

test("a stream of events is read alike, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 20 }), async (cuts) => {
      const events: StreamedEvent[] = [];
      for await (const event of readEvents(inPieces(cuts))) events.push(event);
      assert.deepEqual(events, [
        { id: "1", data: '{"a":\n1}' },
        { id: "1", data: "ü💿" },
        { id: "7", data: "" },
        { id: "", data: "last" },
      ]);
    }),
  );
});

test("a stream without line ends is given up", async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield await Promise.resolve(new Uint8Array(100_000).fill(120));
  }
  await assert.rejects(async () => {
    for await (const event of readEvents(endless())) assert.fail(event.data);
  }, /no line ends/);
});
