import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault } from "@contentlib/contract/vocabulary";
import { aDigest, anEntryId, aStagedId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { anUpdateSession } from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import { expireIfLapsed } from "../expiry.ts";
import { planCommit } from "../plan-commit.ts";
import { addFile, findSessionFile, removeFile } from "../session-file/add.ts";
import { keptFile } from "../session-file/kept.ts";
import { awaitBytes, judge } from "../session-file/receive.ts";
import type { SessionFile, UpdateSession } from "../update-session.ts";
import { cancel, endWithItem, fail } from "./end.ts";
import { checkTakesBytes } from "./guard.ts";
import { keepAlive } from "./keep-alive.ts";
import { updateUpdateSession } from "./update.ts";

const TIMEOUT_MS = 1000;
const library = aLibrary();
const item = anItem({
  files: [anItemFile({ name: "a" }), anItemFile({ name: "b" })],
  contentVersion: 9,
});

interface World {
  readonly session: UpdateSession;
  readonly files: readonly SessionFile[];
  readonly contentVersion: number;
}

/** One step of a client, or of time; `now` may be any instant, as after a clock that jumped. */
interface Step {
  readonly kind:
    | "keepAlive"
    | "update"
    | "add"
    | "restore"
    | "remove"
    | "bytes"
    | "restart"
    | "cancel"
    | "fail"
    | "complete"
    | "timeout"
    | "itemDeleted";
  readonly name: string;
  readonly number: number;
  readonly now: number;
}

const changeFiles = (world: World, step: Step): World => {
  const { session, files } = world;
  const { name } = step;
  const others = files.filter((file) => file.name !== name);
  if (step.kind === "remove")
    return isFault(removeFile(session, files, name)) ? world : { ...world, files: others };
  const wish = {
    name,
    sourceType: step.kind === "add" ? "PUSH" : "NONE",
    sizeBytes: step.number,
  } as const;
  const set = { present: findSessionFile(files, name), count: files.length };
  const outcome = addFile(session, set, item, { wish, entryId: anEntryId() });
  if (isFault(outcome)) return world;
  return { ...world, files: outcome.kind === "put" ? [...others, outcome.file] : others };
};

const changeBytes = (world: World, step: Step): World => {
  const file = findSessionFile(world.files, step.name);
  if (checkTakesBytes(world.session) !== null || file?.source !== "PUSH") return world;
  const staged = {
    stagedId: aStagedId(),
    digest: aDigest(String(step.number)),
    sizeBytes: Math.abs(step.number),
    checksums: [],
  };
  const received = step.kind === "bytes" ? judge(file, staged) : awaitBytes(file);
  return { ...world, files: world.files.map((each) => (each === file ? received.file : each)) };
};

const complete = (world: World, now: number): World => {
  const outcome = planCommit({
    session: world.session,
    files: world.files,
    item,
    library,
    findProgress: () => null,
    judged: null,
    completedBy: "maria",
    now,
  });
  if (outcome.kind !== "plan") return world;
  return {
    ...world,
    session: outcome.session,
    contentVersion: world.contentVersion + (outcome.contentChanged ? 1 : 0),
  };
};

const changeSession = ({ session }: World, { kind, number, now }: Step): UpdateSession => {
  const next = (() => {
    switch (kind) {
      case "keepAlive":
        return keepAlive(session, { clientProgress: number, now, timeoutMs: TIMEOUT_MS });
      case "update":
        return updateUpdateSession(session, { state: number > 50 ? "DONE" : "ACTIVE" });
      case "cancel":
        return cancel(session, now);
      case "fail":
        return fail(session, String(number), now);
      case "timeout":
        return session.state === "ACTIVE" ? expireIfLapsed(session, now, TIMEOUT_MS) : null;
      default:
        return endWithItem(session, now);
    }
  })();
  return next === null || isFault(next) ? session : next;
};

const take = (world: World, step: Step): World => {
  if (step.kind === "complete") return complete(world, step.now);
  if (step.kind === "bytes" || step.kind === "restart") return changeBytes(world, step);
  if (step.kind === "add" || step.kind === "restore" || step.kind === "remove")
    return changeFiles(world, step);
  return { ...world, session: changeSession(world, step) };
};

const frequent = ["keepAlive", "update", "add", "restore", "remove", "bytes", "restart"] as const;
const final = ["cancel", "fail", "complete", "timeout", "itemDeleted"] as const;
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { arbitrary: fc.constantFrom(...frequent), weight: 6 },
      { arbitrary: fc.constantFrom(...final), weight: 1 },
    ),
    name: fc.constantFrom("a", "b", "c", ".."),
    number: fc.integer({ min: -3, max: 103 }),
    now: fc.integer({ min: BUILT_AT - 5000, max: BUILT_AT + 5000 }),
  }),
  { maxLength: 40 },
);

const walk = (
  sequence: readonly Step[],
  look: (before: World, after: World, step: Step) => void,
): void => {
  const session = anUpdateSession({
    itemId: item.id,
    itemContentVersion: 9,
    expiresAt: BUILT_AT + TIMEOUT_MS,
  });
  let world: World = { session, files: item.files.map(keptFile), contentVersion: 9 };
  for (const step of sequence) {
    const next = take(world, step);
    look(world, next, step);
    world = next;
  }
};

test("S2 law: a session that has ended, and its files, never change again", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      walk(sequence, (before, after) => {
        if (before.session.state === "ACTIVE") return;
        assert.equal(after.session, before.session);
        assert.deepEqual(after.files, before.files);
      });
    }),
  );
});

test("S23, S24, S32 law: progress never falls and stays within 0 and 100; the expiry never moves back", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      walk(sequence, ({ session: before }, { session: after }) => {
        assert.ok(after.clientProgress >= before.clientProgress);
        assert.ok(after.clientProgress >= 0 && after.clientProgress <= 100);
        assert.ok(after.expiresAt >= before.expiresAt);
      });
    }),
  );
});

test("S31 law: time ends a session only at or after the expiry it showed", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      walk(sequence, ({ session: before }, { session: after }, step) => {
        if (before.state === "ACTIVE" && after.state === "EXPIRED")
          assert.ok(step.now >= before.expiresAt);
      });
    }),
  );
});

test("S15, S37 law: only complete moves the content version, and at most once by one", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      walk([...sequence, ...sequence], (before, after) => {
        if (after.contentVersion === before.contentVersion) return;
        assert.equal(after.contentVersion, 10);
        assert.deepEqual([before.session.state, after.session.state], ["ACTIVE", "DONE"]);
      });
    }),
  );
});

test("S38 law: a session is never DONE with a pushed file that is not READY", () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      walk(sequence, (_, { session, files }) => {
        if (session.state !== "DONE") return;
        assert.ok(files.every((file) => file.source === "NONE" || file.receipt.status === "READY"));
      });
    }),
  );
});
