import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf } from "@contentlib/contract/vocabulary";
import { aDigest, anEntryId, aStagedId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import {
  aMessage,
  aPushedFile,
  anUpdateSession,
  aReadyReceipt,
  endedSession,
} from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import { InvariantError } from "./invariant.ts";
import type { Item } from "./item.ts";
import { planCommit } from "./plan-commit.ts";
import type { CommitPlan } from "./plan-commit.ts";
import { checkContentAllowed, OVF_DEFAULT_POLICY } from "./security-policy.ts";
import { keptFile } from "./session-file/kept.ts";
import type { FindProgress } from "./session-file/view.ts";
import type { SessionFile } from "./update-session.ts";

const NOW = BUILT_AT + 5000;
const library = aLibrary();
const item = anItem({
  libraryId: library.id,
  contentVersion: 3,
  files: [
    anItemFile({ name: "a", version: 2 }),
    anItemFile({ name: "b" }),
    anItemFile({ name: "c" }),
  ],
});
const [keptA, keptB, keptC] = item.files.map(keptFile);
assert.ok(keptA && keptB && keptC);
const session = anUpdateSession({ itemId: item.id, itemContentVersion: 3 });
const noTransfer: FindProgress = () => null;

const plan = (
  files: readonly SessionFile[],
  over: Partial<Parameters<typeof planCommit>[0]> = {},
) =>
  planCommit({
    session,
    files,
    item,
    library,
    findProgress: noTransfer,
    judged: null,
    completedBy: "maria@vsphere.local",
    now: NOW,
    ...over,
  });

const planned = (files: readonly SessionFile[], of: Item = item): CommitPlan => {
  const outcome = plan(files, {
    item: of,
    session: { ...session, itemContentVersion: of.contentVersion },
  });
  assert.ok(outcome.kind === "plan");
  return outcome;
};

const ready = (name: string, text = name) =>
  aPushedFile({ name, receipt: aReadyReceipt({ digest: aDigest(text) }) });
const versions = ({ item: { files } }: CommitPlan) =>
  files.map((file) => [file.name, file.version]);

describe("completing", () => {
  test("S39: the session is DONE and the content version grows by one, the properties by none", () => {
    const outcome = planned([keptA, keptB, keptC, ready("d")]);
    assert.deepEqual(outcome.session, { ...session, state: "DONE", endedAt: NOW });
    assert.deepEqual(
      { ...outcome.item, files: [] },
      { ...item, files: [], contentVersion: 4, modifiedAt: NOW },
    );
    assert.equal(outcome.contentChanged, true);
  });

  test("S39: a session that changed nothing leaves the item untouched", () => {
    const outcome = planned([keptA, keptB, keptC]);
    assert.equal(outcome.item, item);
    assert.equal(outcome.contentChanged, false);
    assert.deepEqual([outcome.pins, outcome.promotions, outcome.release], [[], [], []]);
    assert.equal(outcome.session.state, "DONE");
  });

  test("S39: the time of the last change never goes back with the clock", () => {
    const later = { ...item, modifiedAt: NOW + 9 };
    assert.equal(planned([], later).item.modifiedAt, NOW + 9);
  });

  test("S40: files not mentioned stay, removed ones leave, names keep their order, new ones follow", () => {
    const outcome = planned([keptC, ready("z"), ready("a"), ready("d")]);
    assert.deepEqual(versions(outcome), [
      ["a", 3],
      ["c", 1],
      ["z", 1],
      ["d", 1],
    ]);
    assert.equal(outcome.item.files[1], item.files[2]);
  });

  test("S40: an item may be left without files", () => {
    const outcome = planned([]);
    assert.deepEqual(outcome.item.files, []);
    assert.equal(outcome.item.contentVersion, 4);
  });

  test("S40: identical bytes count as a change", () => {
    const same = aPushedFile({ name: "b", receipt: aReadyReceipt({ digest: keptB.digest }) });
    const outcome = planned([keptA, same, keptC]);
    assert.equal(outcome.item.contentVersion, 4);
    assert.deepEqual(versions(outcome), [
      ["a", 2],
      ["b", 2],
      ["c", 1],
    ]);
  });

  test("the same bytes under two names are promoted once, and the second copy is given up", () => {
    const [first, second] = [aStagedId(), aStagedId()];
    const digest = aDigest("twin");
    const twins = [first, second].map((stagedId, index) =>
      aPushedFile({ name: `twin-${index}`, receipt: aReadyReceipt({ stagedId, digest }) }),
    );
    const outcome = planned([keptA, keptB, keptC, ...twins]);
    assert.deepEqual(outcome.promotions, [{ stagedId: first, digest }]);
    assert.deepEqual(outcome.pins, [digest]);
    assert.deepEqual(outcome.release, [second]);
  });

  test("content that changed under the session is a bug", () => {
    assert.throws(() => plan([keptA], { item: { ...item, contentVersion: 4 } }), InvariantError);
    const stranger = keptFile(anItemFile({ name: "stranger" }));
    assert.throws(() => plan([stranger]), InvariantError);
  });
});

describe("refusing to complete", () => {
  test("S37: a second complete is refused", () => {
    const { session: done } = planned([ready("d")]);
    const fault = faultOf(
      "update_session.invalid_state",
      "complete",
      "DONE",
      "It was completed at 2024-01-01T00:00:05.000Z.",
    );
    assert.deepEqual(plan([ready("d")], { session: done }), { kind: "refused", faults: [fault] });
    assert.equal(plan([], { session: endedSession(session, "CANCELED") }).kind, "refused");
  });

  test("S38: each file that is not here is named with its status and why", () => {
    const moving = anEntryId();
    const files = [
      keptA,
      ready("ready"),
      aPushedFile({ name: "waits", declaredSizeBytes: 10 }),
      aPushedFile({ name: "moves", entryId: moving }),
      aPushedFile({
        name: "broken",
        receipt: { status: "ERROR", errorMessage: aMessage(), receivedBytes: 4 },
      }),
    ];
    const findProgress: FindProgress = (entryId) =>
      entryId === moving ? { phase: "TRANSFERRING", receivedBytes: 7 } : null;
    const code = "update_session.file_not_received";
    assert.deepEqual(plan(files, { findProgress }), {
      kind: "refused",
      faults: [
        faultOf(code, "waits", "WAITING_FOR_TRANSFER", "0 of 10 bytes."),
        faultOf(code, "moves", "TRANSFERRING", "7 bytes so far."),
        faultOf(code, "broken", "ERROR", "A test says so."),
      ],
    });
  });

  test("S38: a READY file that is being sent again is not here", () => {
    const file = ready("again");
    const outcome = plan([file], {
      findProgress: () => ({ phase: "VALIDATING", receivedBytes: 2048 }),
    });
    assert.deepEqual(outcome, {
      kind: "refused",
      faults: [
        faultOf("update_session.file_not_received", "again", "VALIDATING", "2048 bytes so far."),
      ],
    });
  });
});

describe("S74: completing where a security policy guards the content", () => {
  const secured = { ...library, securityPolicyId: OVF_DEFAULT_POLICY.id };
  const ovf = { ...item, type: "OVF" };

  for (const [what, files] of [
    ["adds a file", [keptA, keptB, keptC, ready("d")]],
    ["replaces a file", [keptA, keptB, ready("c")]],
    ["removes a file", [keptA, keptB]],
    ["removes every file", []],
  ] as const) {
    test(`a session that ${what} ends, and not in a library without the policy`, () => {
      const fault = checkContentAllowed(secured, "OVF", null);
      assert.ok(fault !== null);
      assert.deepEqual(plan(files, { item: ovf, library: secured }), { kind: "ends", fault });
      assert.equal(plan(files, { item: ovf }).kind, "plan");
      assert.equal(plan(files, { library: secured }).kind, "plan");
    });
  }

  test("a session that changes nothing is completed", () => {
    const outcome = plan([keptA, keptB, keptC], { item: ovf, library: secured });
    assert.equal(outcome.kind, "plan");
  });

  test("S38 goes before: a file that is not here is told first", () => {
    const waits = aPushedFile({ name: "waits" });
    const outcome = plan([keptA, waits], { item: ovf, library: secured });
    assert.ok(outcome.kind === "refused");
    assert.equal(outcome.faults[0].fault, "update_session.file_not_received");
  });
});

describe("laws of a plan", () => {
  const contents = fc.constantFrom("red", "green", "blue");
  const names = fc.constantFrom("a", "b", "c", "d", "e");
  const itemFiles = fc.uniqueArray(fc.tuple(names, contents, fc.integer({ min: 1, max: 5 })), {
    selector: ([name]) => name,
  });
  const changes = fc.uniqueArray(fc.tuple(names, fc.option(contents, { nil: null })), {
    selector: ([name]) => name,
  });

  const setUp = (
    files: readonly (readonly [string, string, number])[],
    edits: readonly (readonly [string, string | null])[],
  ) => {
    const of = anItem({
      files: files.map(([name, text, version]) =>
        anItemFile({ name, digest: aDigest(text), version }),
      ),
      contentVersion: 7,
    });
    const edit = new Map(edits);
    const kept = of.files.filter((file) => !edit.has(file.name)).map(keptFile);
    const pushed = edits.flatMap(([name, text]) => (text === null ? [] : [ready(name, text)]));
    return { of, edit, files: [...kept, ...pushed] };
  };

  test("S39, S40 law: it refers to no bytes but the present ones and those it promotes, each promoted and pinned once", () => {
    fc.assert(
      fc.property(itemFiles, changes, (before, edits) => {
        const { of, files } = setUp(before, edits);
        const outcome = planned(files, of);
        const promoted = outcome.promotions.map(({ digest }) => digest);
        const there = new Set([...of.files.map((file) => file.digest), ...promoted]);
        assert.ok(outcome.item.files.every((file) => there.has(file.digest)));
        assert.equal(new Set(promoted).size, promoted.length);
        assert.deepEqual(outcome.pins, promoted);
        const staged = files.flatMap((file) =>
          file.source === "PUSH" && file.receipt.status === "READY" ? [file.receipt.stagedId] : [],
        );
        const accounted = [
          ...outcome.promotions.map(({ stagedId }) => stagedId),
          ...outcome.release,
        ];
        assert.deepEqual([...accounted].sort(), [...staged].sort());
      }),
    );
  });

  test("S39, S40 law: the content is what a plain map would hold, and its version moves by 0 or 1", () => {
    fc.assert(
      fc.property(itemFiles, changes, (before, edits) => {
        const { of, edit, files } = setUp(before, edits);
        const outcome = planned(files, of);
        const expected = new Map(
          of.files
            .filter(({ name }) => !edit.has(name))
            .map((file) => [file.name, [file.digest, file.version]]),
        );
        const old = new Map(of.files.map((file) => [file.name, file.version]));
        for (const [name, text] of edits) {
          if (text !== null) expected.set(name, [aDigest(text), (old.get(name) ?? 0) + 1]);
        }
        const actual = new Map(
          outcome.item.files.map((file) => [file.name, [file.digest, file.version]]),
        );
        assert.deepEqual(actual, expected);
        const changed = edits.some(([name, text]) => text !== null || old.has(name));
        assert.equal(outcome.contentChanged, changed);
        assert.equal(outcome.item.contentVersion, changed ? 8 : 7);
        assert.equal(outcome.item === of, !changed);
      }),
    );
  });
});
