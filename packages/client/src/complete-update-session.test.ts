import assert from "node:assert/strict";
import { test } from "node:test";
import type { UpdateSessionModel } from "@contentlib/contract";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { completeUpdateSession } from "./complete-update-session.ts";
import type { CompleteContext } from "./complete-update-session.ts";
import { makeServices } from "./services/services.ts";

type State = UpdateSessionModel["state"];

/** A server of another make, whose session has these states one after another, and the last one for ever. */
function rig(states: readonly State[], more: Partial<CompleteContext> = {}) {
  const calls: string[] = [];
  let looks = 0;
  const services = makeServices(async (operation) => {
    calls.push(operation);
    const state = states[Math.min(looks, states.length - 1)];
    if (operation === "updateSession.get") looks += 1;
    const answer = { state, error_message: { id: "", default_message: "No room.", args: [] } };
    return await Promise.resolve(answer as never);
  });
  // A wait of half an hour takes none of the test's.
  const system = manualSystem(31 * 60_000);
  return { calls, context: { services, system, ...more } };
}

const others = async (): Promise<boolean> => await Promise.resolve(false);

test("another make of server is asked until the session is DONE", async () => {
  const { calls, context } = rig(["ACTIVE", "ACTIVE", "DONE"], { isOurs: others });
  await completeUpdateSession(context, "S");
  const looks = Array.from({ length: 3 }, () => "updateSession.get");
  assert.deepEqual(calls, ["updateSession.complete", ...looks]);
});

test("a server of ours has done it when it answers, and is not asked", async () => {
  const { calls, context } = rig(["ACTIVE"], { isOurs: async () => await Promise.resolve(true) });
  await completeUpdateSession(context, "S");
  assert.deepEqual(calls, ["updateSession.complete"]);
});

test("a session that fails after complete was answered is an error with the server's words", async () => {
  const { context } = rig(["ACTIVE", "ERROR"]);
  await assert.rejects(completeUpdateSession(context, "S"), {
    name: "ProtocolError",
    message: "The update session ended as ERROR: No room.",
  });
});

test("a session that never ends is a TimeoutError", async () => {
  const { context } = rig(["ACTIVE"]);
  await assert.rejects(completeUpdateSession(context, "S"), { name: "TimeoutError" });
});

test("an abort ends the wait", async () => {
  const abort = new AbortController();
  const { context } = rig(["ACTIVE"]);
  const { updateSession } = context.services;
  const get = async (...[, options]: Parameters<typeof updateSession.get>) => {
    options?.signal?.throwIfAborted();
    abort.abort(new Error("given up"));
    return await updateSession.get({ update_session_id: "S" });
  };
  const services = { updateSession: { ...updateSession, get, complete: async () => {} } };
  const given = { ...context, services } as unknown as CompleteContext;
  await assert.rejects(completeUpdateSession(given, "S", abort.signal), { message: "given up" });
});
