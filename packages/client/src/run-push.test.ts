import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { createClient } from "./client.ts";
import { PushError } from "./push-error.ts";
import type { PushEvent, PushOptions } from "./push-options.ts";
import { blobSource } from "./upload-source.ts";

async function rig(t: TestContext) {
  const library = await startSmallLibrary();
  t.after(library.server.close);
  library.addLibrary("images");
  const client = createClient({ url: library.server.url, token: "t", retriesMax: 0 });
  const push = (more: Partial<PushOptions> = {}) =>
    client.push({
      library: "images",
      item: "debian",
      files: ["a", "b", "c"].map((name) => ({ name, source: blobSource(new Blob([name])) })),
      ...more,
    });
  const states = () => [...library.sessions.values()].map(({ state }) => state);
  return { library, push, states };
}

/** The events at which somebody who listens may throw. */
const TYPES = ["item", "session", "file", "verified", "completing"] as const;

for (const type of TYPES)
  test(`who throws at ${type} fails the push with that error, and the session is put in order`, async (t) => {
    const { push, states } = await rig(t);
    const thrown = new Error("not now");
    const onEvent = (event: PushEvent): void => {
      if (event.type === type) throw thrown;
    };
    await assert.rejects(push({ onEvent }).result, (error) => {
      assert.ok(error instanceof PushError);
      assert.deepEqual([error.code, error.cause], ["source", thrown]);
      return true;
    });
    assert.deepEqual(states(), type === "item" ? [] : ["ERROR"]);
  });

test("who throws when all is done gets that error, and what is done stays done", async (t) => {
  const { push, states } = await rig(t);
  const onEvent = (event: PushEvent): void => {
    if (event.type === "done") throw new Error("too late");
  };
  await assert.rejects(push({ onEvent }).result, { message: "too late" });
  assert.deepEqual(states(), ["DONE"]);
});

test("the files of the result are in the order in which they were given", async (t) => {
  const { push, states } = await rig(t);
  const { files, isNew } = await push().result;
  assert.deepEqual(
    files.map(({ name }) => name),
    ["a", "b", "c"],
  );
  assert.ok(isNew);
  assert.deepEqual(states(), ["DONE"]);
});

test("a push that is given up before it begins asks for nothing", async (t) => {
  const { push, library } = await rig(t);
  await assert.rejects(push({ signal: AbortSignal.abort() }).result, { code: "aborted" });
  assert.deepEqual(library.server.requests, []);
});

test("a look that breaks after complete was answered is repeated, and the session is not failed", async (t) => {
  const { push, library, states } = await rig(t);
  let looks = 0;
  library.override = ({ operation }) => {
    const isLook =
      operation === "updateSession.get" && library.sessions.values().next().value?.state === "DONE";
    return isLook && (looks += 1) <= 2 ? { cut: true } : undefined;
  };
  const { contentVersion } = await push().result;
  assert.equal(contentVersion, "2");
  assert.deepEqual(states(), ["DONE"]);
  assert.ok(looks > 2);
  assert.ok(!library.server.operations().includes("updateSession.fail"));
});

test("who gives up while a server of another make is at it leaves the session alone", async (t) => {
  const { push, library } = await rig(t);
  const stop = new AbortController();
  library.override = ({ operation }) => {
    const isCompleted = library.server.operations().includes("updateSession.complete");
    if (operation === "updateSession.get" && isCompleted) stop.abort();
    return undefined;
  };
  const events: PushEvent[] = [];
  const onEvent = (event: PushEvent): void => void events.push(event);
  await assert.rejects(push({ signal: stop.signal, onEvent }).result, { code: "aborted" });
  assert.ok(!library.server.operations().includes("updateSession.fail"));
  const last = events.at(-1);
  assert.ok(last?.type === "failed" && !last.isEnded && !last.isKept);
});
