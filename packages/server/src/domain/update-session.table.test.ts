import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { FAULTS, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { anEntryId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import {
  aCompletingSession,
  aPushedFile,
  anUpdateSession,
  aReadyReceipt,
  BUILT_SESSION_LIFE_MS,
  endedSession,
} from "@contentlib/testkit/builders/sessions";
import { expireIfLapsed } from "./expiry.ts";
import type { CommitInput } from "./plan-commit.ts";
import { planCommit, planPendingCommit } from "./plan-commit.ts";
import { addFile, removeFile } from "./session-file/add.ts";
import { keptFile } from "./session-file/kept.ts";
import { validateSession } from "./session-file/validate.ts";
import type { UpdateSession } from "./update-session.ts";
import { UPDATE_SESSION_EVENTS, UPDATE_SESSION_TABLE } from "./update-session.table.ts";
import type {
  UpdateSessionCondition,
  UpdateSessionEvent,
  UpdateSessionOutcome,
} from "./update-session.table.ts";
import { cancel, endWithItem, fail } from "./update-session/end.ts";
import {
  checkDelete,
  checkTakesPushed,
  checkVisible,
  isCompleting,
} from "./update-session/guard.ts";
import { keepAlive } from "./update-session/keep-alive.ts";
import { updateUpdateSession } from "./update-session/update.ts";

const NOW = BUILT_AT + 1000;
const item = anItem({ files: [anItemFile({ name: "a.iso" })] });
const files = [
  ...item.files.map(keptFile),
  aPushedFile({ name: "b.iso", receipt: aReadyReceipt() }),
];
const noTransfer = (): null => null;

const conditionOf = (session: UpdateSession): UpdateSessionCondition =>
  isCompleting(session) ? "COMPLETING" : session.state;

const outcomeOf = (result: UpdateSession | FaultValue): UpdateSessionOutcome =>
  isFault(result) ? result.fault : conditionOf(result);

const unlessRefused = (
  session: UpdateSession,
  refused: FaultValue | null | undefined,
): UpdateSessionOutcome => refused?.fault ?? conditionOf(session);

const commitInput = (session: UpdateSession): CommitInput => ({
  session,
  files,
  item,
  library: aLibrary(),
  findProgress: noTransfer,
  judged: null,
  completedBy: "maria",
  now: NOW,
});

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
  bytes: (session) => unlessRefused(session, checkTakesPushed(session)),
  pulled: (session) => {
    const outcome = planPendingCommit(commitInput(session));
    return outcome?.kind === "plan" ? outcome.session.state : conditionOf(session);
  },
  cancel: (session) => outcomeOf(cancel(session, NOW)),
  fail: (session) => outcomeOf(fail(session, "broken", NOW)),
  complete: (session) => {
    const outcome = planCommit(commitInput(session));
    if (outcome.kind === "plan") return outcome.session.state;
    if (outcome.kind === "waits") return "COMPLETING";
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

const conditions: readonly UpdateSessionCondition[] = [
  "ACTIVE",
  "COMPLETING",
  "DONE",
  "ERROR",
  "CANCELED",
  "EXPIRED",
];

const inCondition = (condition: UpdateSessionCondition): UpdateSession => {
  const session = anUpdateSession({ itemId: item.id });
  if (condition === "COMPLETING") return aCompletingSession({ itemId: item.id });
  return condition === "ACTIVE" ? session : endedSession(session, condition);
};

describe("the state table", () => {
  // S1, S2, S3, S4, S33, S37, S50, S51, S62, S111
  for (const condition of conditions) {
    for (const event of UPDATE_SESSION_EVENTS) {
      test(`S4: ${event} in ${condition}`, () => {
        assert.equal(apply[event](inCondition(condition)), UPDATE_SESSION_TABLE[condition][event]);
      });
    }
  }

  test("S1: no cell but those of time leads to a state that is not shown", () => {
    for (const condition of conditions) {
      for (const event of UPDATE_SESSION_EVENTS) {
        if (UPDATE_SESSION_TABLE[condition][event] === "EXPIRED")
          assert.ok(event === "timeout" || condition === "EXPIRED");
      }
    }
  });

  test("S110: only complete makes a completion pending, and nothing makes it wait no more but an end", () => {
    for (const event of UPDATE_SESSION_EVENTS) {
      assert.notEqual(UPDATE_SESSION_TABLE.ACTIVE[event], "COMPLETING");
      assert.notEqual(UPDATE_SESSION_TABLE.COMPLETING[event], "ACTIVE");
    }
  });

  test("S2: a state that has ended never becomes another", () => {
    for (const state of conditions.filter((each) => each !== "ACTIVE" && each !== "COMPLETING")) {
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
  if (outcome === "COMPLETING") return "pending";
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
    ...conditions.map((condition) => documented(UPDATE_SESSION_TABLE[condition][event])),
  ]);
  assert.deepEqual(rows.slice(0, 1), [
    ["event", "ACTIVE", "pending", "DONE", "ERROR", "CANCELED", "gone"],
  ]);
  assert.deepEqual(rows.slice(2), expected);
});
