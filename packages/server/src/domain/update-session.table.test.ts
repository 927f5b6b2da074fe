import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { FAULTS, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { anEntryId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import {
  aPushedFile,
  anUpdateSession,
  aReadyReceipt,
  BUILT_SESSION_LIFE_MS,
  endedSession,
} from "@contentlib/testkit/builders/sessions";
import { expireIfLapsed } from "./expiry.ts";
import { planCommit } from "./plan-commit.ts";
import { addFile, removeFile } from "./session-file/add.ts";
import { keptFile } from "./session-file/kept.ts";
import { validateSession } from "./session-file/validate.ts";
import type { UpdateSession, UpdateSessionState } from "./update-session.ts";
import { UPDATE_SESSION_EVENTS, UPDATE_SESSION_TABLE } from "./update-session.table.ts";
import type { UpdateSessionEvent, UpdateSessionOutcome } from "./update-session.table.ts";
import { cancel, endWithItem, fail } from "./update-session/end.ts";
import { checkDelete, checkTakesBytes, checkVisible } from "./update-session/guard.ts";
import { keepAlive } from "./update-session/keep-alive.ts";
import { updateUpdateSession } from "./update-session/update.ts";

const NOW = BUILT_AT + 1000;
const item = anItem({ files: [anItemFile({ name: "a.iso" })] });
const files = [
  ...item.files.map(keptFile),
  aPushedFile({ name: "b.iso", receipt: aReadyReceipt() }),
];
const noTransfer = (): null => null;

const outcomeOf = (result: UpdateSession | FaultValue): UpdateSessionOutcome =>
  isFault(result) ? result.fault : result.state;

const unlessRefused = (
  session: UpdateSession,
  refused: FaultValue | null | undefined,
): UpdateSessionOutcome => refused?.fault ?? session.state;

const apply: Readonly<
  Record<UpdateSessionEvent, (session: UpdateSession) => UpdateSessionOutcome>
> = {
  get: (session) => outcomeOf(checkVisible(session)),
  keep_alive: (session) =>
    outcomeOf(keepAlive(session, { now: NOW, timeoutMs: BUILT_SESSION_LIFE_MS })),
  update: (session) => outcomeOf(updateUpdateSession(session, { warningBehavior: [] })),
  add: (session) => {
    const wish = { name: "c.iso", sourceType: "PUSH" } as const;
    const set = { present: null, count: files.length };
    const added = addFile(session, set, item, { wish, entryId: anEntryId() });
    return unlessRefused(session, isFault(added) ? added : null);
  },
  remove: (session) => {
    const removed = removeFile(session, files, "a.iso");
    return unlessRefused(session, isFault(removed) ? removed : null);
  },
  validate: (session) => {
    const result = validateSession(session, files, {
      findProgress: noTransfer,
      judgement: null,
    });
    return unlessRefused(session, "hasErrors" in result ? null : result[0]);
  },
  bytes: (session) => unlessRefused(session, checkTakesBytes(session)),
  cancel: (session) => outcomeOf(cancel(session, NOW)),
  fail: (session) => outcomeOf(fail(session, "broken", NOW)),
  complete: (session) => {
    const outcome = planCommit({
      session,
      files,
      item,
      library: aLibrary(),
      findProgress: noTransfer,
      judged: null,
      completedBy: "maria",
      now: NOW,
    });
    if (outcome.kind === "plan") return outcome.session.state;
    return outcome.kind === "ends" ? "ERROR" : outcome.faults[0].fault;
  },
  delete: (session) => checkDelete(session)?.fault ?? "removed",
  timeout: (session) => {
    if (session.state !== "ACTIVE") return session.state;
    return (
      expireIfLapsed(session, session.expiresAt, BUILT_SESSION_LIFE_MS)?.state ?? session.state
    );
  },
  "item deleted": (session) => (endWithItem(session, NOW) ?? session).state,
};

const states: readonly UpdateSessionState[] = ["ACTIVE", "DONE", "ERROR", "CANCELED", "EXPIRED"];

const inState = (state: UpdateSessionState): UpdateSession => {
  const session = anUpdateSession({ itemId: item.id });
  return state === "ACTIVE" ? session : endedSession(session, state);
};

describe("the state table", () => {
  // S1, S2, S3, S4, S33, S37, S50, S51, S62
  for (const state of states) {
    for (const event of UPDATE_SESSION_EVENTS) {
      test(`S4: ${event} in ${state}`, () => {
        assert.equal(apply[event](inState(state)), UPDATE_SESSION_TABLE[state][event]);
      });
    }
  }

  test("S1: no cell but those of time leads to a state that is not shown", () => {
    for (const state of states) {
      for (const event of UPDATE_SESSION_EVENTS) {
        if (UPDATE_SESSION_TABLE[state][event] === "EXPIRED")
          assert.ok(event === "timeout" || state === "EXPIRED");
      }
    }
  });

  test("S2: a state that has ended never becomes another", () => {
    for (const state of states.filter((each) => each !== "ACTIVE")) {
      const reached = Object.values(UPDATE_SESSION_TABLE[state]).filter(
        (outcome) => !(outcome in FAULTS),
      );
      assert.deepEqual(
        [...new Set([...reached, state, "removed"])].sort(),
        [state, "removed"].sort(),
      );
    }
  });

  test("S3: get works in every state that is shown", () => {
    for (const state of ["ACTIVE", "DONE", "ERROR", "CANCELED"] as const)
      assert.equal(UPDATE_SESSION_TABLE[state].get, state);
  });
});

const documented = (outcome: UpdateSessionOutcome): string => {
  if (outcome === "EXPIRED") return "gone";
  if (!(outcome in FAULTS)) return outcome;
  const { class: faultClass } = FAULTS[outcome as keyof typeof FAULTS];
  return faultClass === "not_found" ? "NotFound" : "NotAllowed";
};

test("the table of the protocol page is this table", () => {
  const page = readFileSync(
    new URL("../../../../docs/protocol/update-session.md", import.meta.url),
    "utf8",
  );
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const expected = UPDATE_SESSION_EVENTS.map((event) => [
    event,
    ...states.map((state) => documented(UPDATE_SESSION_TABLE[state][event])),
  ]);
  assert.deepEqual(rows.slice(0, 1), [["event", "ACTIVE", "DONE", "ERROR", "CANCELED", "gone"]]);
  assert.deepEqual(rows.slice(2), expected);
});
