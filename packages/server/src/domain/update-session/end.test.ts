import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault, messageOf } from "@contentlib/contract/vocabulary";
import { BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aMessage, anUpdateSession, endedSession } from "@contentlib/testkit/builders/sessions";
import { previewOf } from "./preview.ts";
import { breakOff, cancel, endWithItem, fail } from "./end.ts";
import { checkDelete, checkTakesBytes, checkVisible, requireActive } from "./guard.ts";
import { keepAlive } from "./keep-alive.ts";

const NOW = BUILT_AT + 1000;
const session = anUpdateSession({ clientProgress: 40 });

describe("keeping alive", () => {
  test("S22: a full timeout is ahead again", () => {
    assert.deepEqual(keepAlive(session, { now: NOW, timeoutMs: 300_000 }), {
      ...session,
      expiresAt: NOW + 300_000,
    });
  });

  test("S23: a higher progress is taken", () => {
    const alive = keepAlive(session, { clientProgress: "60", now: NOW, timeoutMs: 300_000 });
    assert.deepEqual(alive, { ...session, clientProgress: 60, expiresAt: NOW + 300_000 });
  });

  test("S24: a lower or equal one extends the life all the same", () => {
    for (const clientProgress of [40, 12]) {
      const alive = keepAlive(session, { clientProgress, now: NOW, timeoutMs: 300_000 });
      assert.deepEqual(alive, { ...session, expiresAt: NOW + 300_000 });
    }
  });

  test("S25: a wrong one is refused; only the fault comes back", () => {
    const fault = keepAlive(session, { clientProgress: 101, now: NOW, timeoutMs: 300_000 });
    assert.deepEqual(fault, faultOf("client_progress.invalid", "101"));
  });

  test("S26: 100 completes nothing", () => {
    const alive = keepAlive(session, { clientProgress: 100, now: NOW, timeoutMs: 300_000 });
    assert.ok(!isFault(alive));
    assert.equal(alive.state, "ACTIVE");
  });
});

describe("ends", () => {
  test("S42: cancel", () => {
    assert.deepEqual(cancel(session, NOW), { ...session, state: "CANCELED", endedAt: NOW });
  });

  test("S46: fail keeps what the client says", () => {
    const failed = fail(session, "no such disk", NOW);
    const errorMessage = {
      id: "contentlib.update_session.failed_by_client",
      default_message: "no such disk",
      args: [],
    };
    assert.deepEqual(failed, { ...session, state: "ERROR", endedAt: NOW, errorMessage });
  });

  test("S49: and it is the reason in later refusals", () => {
    const failed = fail(session, "no such disk", NOW);
    assert.ok(!isFault(failed));
    assert.deepEqual(
      cancel(failed, NOW),
      faultOf("update_session.invalid_state", "cancel", "ERROR", "no such disk"),
    );
  });

  test("S41: the server ends a session with its own message", () => {
    const errorMessage = aMessage();
    assert.deepEqual(breakOff(session, errorMessage, NOW), {
      ...session,
      state: "ERROR",
      endedAt: NOW,
      errorMessage,
    });
  });

  test("S36: the end of its item cancels an ACTIVE session and leaves others alone", () => {
    assert.deepEqual(endWithItem(session, NOW), { ...session, state: "CANCELED", endedAt: NOW });
    assert.equal(endWithItem(endedSession(session, "DONE"), NOW), null);
  });

  test("S16: a session that ended in ERROR has a message, others have none", () => {
    for (const state of ["DONE", "CANCELED", "ERROR"] as const) {
      const visible = checkVisible(endedSession(session, state));
      assert.ok(!isFault(visible));
      assert.equal("errorMessage" in visible, state === "ERROR");
    }
  });
});

describe("refusals", () => {
  const at = BUILT_AT + 1;

  test("S4: they name operation, state and how the session came into it", () => {
    const refusal = (state: "DONE" | "CANCELED" | "ERROR") => {
      const fault = requireActive(endedSession(session, state, at), "complete");
      assert.ok(isFault(fault));
      return messageOf(fault).default_message;
    };
    const begin = "The operation complete can not be invoked when the update session is in the";
    assert.equal(
      refusal("DONE"),
      `${begin} DONE state. Reason: It was completed at 2024-01-01T00:00:00.001Z.`,
    );
    assert.equal(
      refusal("CANCELED"),
      `${begin} CANCELED state. Reason: It was canceled at 2024-01-01T00:00:00.001Z.`,
    );
    assert.equal(refusal("ERROR"), `${begin} ERROR state. Reason: A test says so.`);
  });

  test("S51: delete of an ACTIVE session says what to do first", () => {
    const fault = checkDelete(session);
    assert.ok(fault);
    assert.match(
      messageOf(fault).default_message,
      /delete .* ACTIVE .* complete, cancel or fail it first/,
    );
  });

  test("S62: an ended session takes no bytes", () => {
    assert.equal(checkTakesBytes(session), null);
    assert.deepEqual(
      checkTakesBytes(endedSession(session, "DONE")),
      faultOf("transfer.session_ended", "DONE"),
    );
  });
});

test("S18: there is a preview while the session is ACTIVE, and it says at once that there is nothing to see", () => {
  assert.deepEqual(previewOf(session), { state: "NOT_APPLICABLE" });
  for (const state of ["DONE", "CANCELED", "ERROR", "EXPIRED"] as const)
    assert.equal(previewOf(endedSession(session, state)), null);
});
