import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { TestContext } from "node:test";
import { startTransfer } from "./transfer.ts";

const failed = new Error("The server refused.");
const failing = (outer?: AbortSignal) =>
  startTransfer<{ readonly type: "step" }, string>(outer, undefined, async ({ emit, signal }) => {
    emit({ type: "step" });
    await turn();
    signal.throwIfAborted();
    throw failed;
  });

/** What the platform tells of as handled by nobody while the act goes on, and a moment longer. */
async function unhandledIn(t: TestContext, act: () => unknown): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => seen.push(reason));
  const restore = (): void => {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  };
  t.after(restore);
  await act();
  for (let n = 0; n < 5; n += 1) await turn();
  restore();
  return seen;
}

test("a failure that nobody waits for is not silent", async (t) => {
  // The transfer is no promise: awaiting it waits for nothing.
  assert.deepEqual(await unhandledIn(t, async () => await Promise.resolve(failing())), [failed]);
});

test("who waits for the result, or reads the events, hears of it there alone", async (t) => {
  const seen = await unhandledIn(t, async () => {
    await assert.rejects(failing().result, failed);
    await assert.rejects(async () => {
      for await (const event of failing()) assert.equal(event.type, "step");
    }, failed);
  });
  assert.deepEqual(seen, []);
});

test("who has given it up knows, and needs not be told", async (t) => {
  const seen = await unhandledIn(t, () => {
    failing().abort();
    const outer = new AbortController();
    failing(outer.signal);
    outer.abort();
    failing(AbortSignal.abort());
  });
  assert.deepEqual(seen, []);
});
