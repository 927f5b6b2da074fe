import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { WorkerCalls } from "./worker-calls.ts";

/** A worker made of a few lines of JavaScript, with `port` to talk through. */
const workerOf = (body: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort as port } from 'node:worker_threads'\n${body}`)}`,
  );

const start = (body: string): Promise<WorkerCalls<string>> =>
  WorkerCalls.start<string>(workerOf(body), { workerData: null, now: () => 0 });

const ECHO = `
  port.on('message', ({ kind, batch }) => {
    if (kind === 'close') return port.close()
    port.postMessage({ kind: 'replies', replies: batch.map(({ id, request }) => ({ id, value: [request, batch.length] })) })
  })
  port.postMessage({ kind: 'ready' })`;

const DIES_WHEN_CALLED = `
  port.on('message', () => process.exit(1))
  port.postMessage({ kind: 'ready' })`;

const THROWS_WHEN_CALLED = `
  port.on('message', () => { throw new Error('broken') })
  port.postMessage({ kind: 'ready' })`;

describe("calls into a worker", () => {
  test("the calls of one turn travel together, and each caller gets its own answer", async () => {
    const calls = await start(ECHO);
    const answers = await Promise.all([calls.call("a"), calls.call("b"), calls.call("c")]);
    assert.deepEqual(answers, [
      ["a", 3],
      ["b", 3],
      ["c", 3],
    ]);
    await calls.close();
  });

  for (const [how, body] of Object.entries({
    exits: DIES_WHEN_CALLED,
    throws: THROWS_WHEN_CALLED,
  })) {
    test(`when the worker ${how}, the calls that wait and all later ones are unavailable`, async () => {
      const calls = await start(body);
      const waiting = [calls.call("a"), calls.call("b")];
      for (const call of waiting) await assert.rejects(call, portErrorWith("unavailable"));
      await assert.rejects(calls.call("c"), portErrorWith("unavailable"));
      await calls.close();
    });
  }

  test("a worker that dies before it serves fails the start", async () => {
    await assert.rejects(start("process.exit(1)"), portErrorWith("unavailable"));
    await assert.rejects(start(`throw new Error('broken')`), /broken/);
  });

  test("closing answers what was asked before and refuses what is asked after", async () => {
    const calls = await start(ECHO);
    const before = calls.call("before");
    const closed = calls.close();
    await assert.rejects(calls.call("after"), portErrorWith("unavailable"));
    assert.deepEqual(await before, ["before", 1]);
    await closed;
    await calls.close();
  });
});
