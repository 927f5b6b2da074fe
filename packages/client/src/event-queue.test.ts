import assert from "node:assert/strict";
import { test } from "node:test";
import { EventQueue } from "./event-queue.ts";

interface Event {
  readonly type: string;
  readonly n: number;
}

async function read(queue: EventQueue<Event>): Promise<readonly string[]> {
  const seen: string[] = [];
  for await (const { type, n } of queue) seen.push(`${type}${n}`);
  return seen;
}

test("progress nobody has read is replaced by later progress; other events are all kept", async () => {
  const queue = new EventQueue<Event>();
  for (let n = 0; n < 1_000; n += 1) queue.push({ type: "progress", n });
  queue.push({ type: "file", n: 1 });
  queue.push({ type: "progress", n: 1_000 });
  queue.end();
  assert.deepEqual(await read(queue), ["progress999", "file1", "progress1000"]);
});

test("a reader that waits gets each event as it comes, and the error after the events before it", async () => {
  const queue = new EventQueue<Event>();
  const reading = read(queue);
  await Promise.resolve();
  queue.push({ type: "a", n: 1 });
  queue.fail(new Error("broken"));
  queue.end();
  await assert.rejects(reading, /broken/);
});
