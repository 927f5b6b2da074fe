import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { BUILT_AT } from "@contentlib/testkit/builders/ids";
import {
  aDownloadSession,
  anUpdateSession,
  endedSession,
} from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import { afterRestart, expireIfLapsed, hasLapsed, withActivity } from "./expiry.ts";
import type { UpdateSession } from "./update-session.ts";
import { checkVisible } from "./update-session/guard.ts";

const TIMEOUT_MS = 300_000;
const session = anUpdateSession({ expiresAt: BUILT_AT + TIMEOUT_MS });
const instants = fc.integer({ min: BUILT_AT - 10 * TIMEOUT_MS, max: BUILT_AT + 10 * TIMEOUT_MS });

describe("activity", () => {
  test("S32: it puts the expiry a full timeout away", () => {
    assert.equal(
      withActivity(session, BUILT_AT + 1000, TIMEOUT_MS).expiresAt,
      BUILT_AT + 1000 + TIMEOUT_MS,
    );
  });

  test("S32: a clock that went back moves nothing", () => {
    assert.equal(withActivity(session, BUILT_AT - 5000, TIMEOUT_MS), session);
  });

  test("S32 law: the expiry never moves back, and nothing else moves", () => {
    fc.assert(
      fc.property(
        fc.array(instants, { maxLength: 20 }),
        fc.nat(2 * TIMEOUT_MS),
        (times, timeoutMs) => {
          let present = session;
          for (const now of times) {
            const next = withActivity(present, now, timeoutMs);
            assert.ok(next.expiresAt >= present.expiresAt);
            assert.ok(next.expiresAt >= now + timeoutMs);
            assert.deepEqual({ ...next, expiresAt: 0 }, { ...session, expiresAt: 0 });
            present = next;
          }
        },
      ),
    );
  });

  test("S2: a session that has ended has no expiry to move", () => {
    const ended: UpdateSession = endedSession(session, "DONE");
    assert.equal(withActivity(ended, BUILT_AT + TIMEOUT_MS, TIMEOUT_MS), ended);
    assert.equal(hasLapsed(ended, BUILT_AT + 10 * TIMEOUT_MS), false);
  });
});

describe("expiry", () => {
  test("S31: a session never ends before the expiry it showed", () => {
    assert.equal(hasLapsed(session, session.expiresAt - 1), false);
    assert.equal(expireIfLapsed(session, session.expiresAt - 1, TIMEOUT_MS), null);
    assert.equal(hasLapsed(session, session.expiresAt), true);
  });

  test("S33: the memory of it says when it expired and for want of what", () => {
    const expired = expireIfLapsed(session, session.expiresAt + 700, TIMEOUT_MS);
    assert.ok(expired);
    assert.deepEqual(expired, {
      ...session,
      state: "EXPIRED",
      endedAt: session.expiresAt,
      idleSeconds: 300,
    });
    const fault = checkVisible(expired);
    assert.deepEqual(
      fault,
      faultOf("update_session.expired", session.id, "2024-01-01T00:05:00.000Z", "300"),
    );
    const told =
      /^There is no update session \S+: it expired at 2024-01-01T00:05:00\.000Z, after 300 s without activity\./;
    assert.match(
      messageOf(faultOf("update_session.expired", session.id, "2024-01-01T00:05:00.000Z", "300"))
        .default_message,
      told,
    );
  });

  test("a download session expires alike", () => {
    const download = aDownloadSession();
    assert.equal(expireIfLapsed(download, download.expiresAt, TIMEOUT_MS)?.state, "EXPIRED");
  });
});

describe("after a restart", () => {
  const restart = (lastAliveAt: number | null, startedAt: number) =>
    afterRestart(session, { lastAliveAt, startedAt, timeoutMs: TIMEOUT_MS });

  test("S35: what had expired while the server was alive ends", () => {
    assert.equal(restart(session.expiresAt, session.expiresAt + 10 * TIMEOUT_MS).state, "EXPIRED");
  });

  test("S35: what had not has a full timeout from the start, however long the server was down", () => {
    const startedAt = session.expiresAt + 10 * TIMEOUT_MS;
    assert.deepEqual(restart(session.expiresAt - 1, startedAt), {
      ...session,
      expiresAt: startedAt + TIMEOUT_MS,
    });
  });

  test("S35: it never has less than it showed, not even when the clock went back", () => {
    assert.deepEqual(restart(BUILT_AT, BUILT_AT - TIMEOUT_MS), session);
  });

  test("S35: a server that never recorded that it was alive ends nothing", () => {
    assert.equal(restart(null, session.expiresAt + 1).state, "ACTIVE");
  });

  test("S35 law: whatever the instants, a session that goes on has a full timeout and no less than it showed", () => {
    fc.assert(
      fc.property(fc.option(instants), instants, (lastAliveAt, startedAt) => {
        const next = restart(lastAliveAt, startedAt);
        if (next.state === "EXPIRED")
          assert.ok(lastAliveAt !== null && lastAliveAt >= session.expiresAt);
        else assert.equal(next.expiresAt, Math.max(session.expiresAt, startedAt + TIMEOUT_MS));
      }),
    );
  });
});
