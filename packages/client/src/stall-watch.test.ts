import assert from "node:assert/strict";
import { test } from "node:test";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { watchForStall } from "./stall-watch.ts";

const SILENCE_MS = 60_000;
const turn = async (): Promise<void> => await new Promise(setImmediate);

test("a line on which nothing moves is found, and one on which something does is not", async () => {
  const system = manualSystem(0);
  const watch = watchForStall(system, SILENCE_MS);
  for (let period = 0; period < 3; period += 1) {
    watch.touch();
    system.advance(SILENCE_MS);
    await turn();
    assert.equal(watch.stalled.aborted, false);
  }
  system.advance(SILENCE_MS);
  await turn();
  assert.equal(watch.stalled.aborted, true);
});

test("a watch that is closed finds nothing any more", async () => {
  const system = manualSystem(0);
  const watch = watchForStall(system, SILENCE_MS);
  watch.close();
  system.advance(SILENCE_MS * 2);
  await turn();
  assert.equal(watch.stalled.aborted, false);
});
