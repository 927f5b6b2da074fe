import assert from "node:assert/strict";
import { test } from "node:test";
import { ListingJournal } from "@contentlib/testkit/rigs/app-rig";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { anEntryId, aStagedId } from "@contentlib/testkit/builders/ids";
import { anUpdateSession } from "@contentlib/testkit/builders/sessions";
import type { Change, ChangeSet, CommitOutcome } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { PartialRecorder } from "./partial-recorder.ts";

const COMMITTED: CommitOutcome = { kind: "committed" };
const clash = (reason: "fenced" | "row"): CommitOutcome => ({ kind: "clash", reason });

/** A catalog whose commits the test answers one by one. */
class HandCatalog {
  readonly asked: ChangeSet[] = [];
  readonly #answers: ((outcome: CommitOutcome | PortError) => void)[] = [];

  commit(changes: ChangeSet): Promise<CommitOutcome> {
    this.asked.push(changes);
    return new Promise((resolve, reject) => {
      this.#answers.push((outcome) =>
        outcome instanceof PortError ? reject(outcome) : resolve(outcome),
      );
    });
  }

  /** Answers the oldest commit that waits, and lets what follows from it happen. */
  async answer(outcome: CommitOutcome | PortError = COMMITTED): Promise<void> {
    const answer = this.#answers.shift();
    assert.ok(answer, "no commit is under way");
    answer(outcome);
    await new Promise((resolve) => setImmediate(resolve));
  }

  get told(): readonly number[] {
    return this.asked.map((changes) => {
      for (const change of changes) {
        if (change.kind === "partial.put") return change.partial.durableBytes;
        if (change.kind === "partial.advance") return change.durableBytes;
      }
      return -1;
    });
  }

  get kinds(): readonly string[] {
    return this.asked.map((changes) => changes.map(({ kind }) => kind).join(" "));
  }
}

const { id: sessionId } = anUpdateSession();
const ACTIVITY: Change = { kind: "session.extend", id: sessionId, expiresAt: 1 };
const partial = {
  sessionId,
  entryId: anEntryId(1),
  fence: 3,
  stagedId: aStagedId(1),
  durableBytes: 0,
};

const begin = (
  over: { readonly isKnown?: boolean; readonly lengthBytes?: number | null } = {},
): { catalog: HandCatalog; journal: ListingJournal; recorder: PartialRecorder } => {
  const catalog = new HandCatalog();
  const journal = new ListingJournal();
  const recorder = new PartialRecorder(
    { catalog, journal },
    { partial, isKnown: true, lengthBytes: null, activity: () => ACTIVITY, ...over },
  );
  return { catalog, journal, recorder };
};

test("one write is under way at a time, and the last number wins", async () => {
  const { catalog, recorder } = begin();
  for (const bytes of [1, 2, 3]) recorder.note(bytes);
  assert.deepEqual(catalog.told, [1]);
  await catalog.answer();
  assert.deepEqual(catalog.told, [1, 3]);
  recorder.note(4);
  const settled = recorder.settle(5);
  await catalog.answer();
  assert.deepEqual(catalog.told, [1, 3, 4]);
  await catalog.answer();
  assert.deepEqual(catalog.told, [1, 3, 4, 5]);
  await catalog.answer();
  assert.equal(await settled, "kept");
  assert.deepEqual(catalog.kinds.at(-1), "partial.expect partial.advance session.extend");
});

test("a number that is not greater is not told, nor is the same one again", async () => {
  const { catalog, recorder } = begin();
  recorder.note(0);
  assert.equal(await recorder.settle(0), "kept");
  recorder.note(2);
  await catalog.answer();
  recorder.note(1);
  assert.equal(await recorder.settle(2), "kept");
  assert.deepEqual(catalog.told, [2]);
});

test("a partial that the catalog does not know is put once, and advanced from then on", async () => {
  const { catalog, recorder } = begin({ isKnown: false });
  assert.equal(recorder.isKnown, false);
  recorder.note(1);
  await catalog.answer();
  assert.equal(recorder.isKnown, true);
  recorder.note(2);
  await catalog.answer();
  assert.deepEqual(catalog.kinds, ["partial.put", "partial.expect partial.advance"]);
});

test("a length is told once, also without any bytes", async () => {
  const { catalog, recorder } = begin({ lengthBytes: 9 });
  const first = recorder.settle(0);
  await new Promise((resolve) => setImmediate(resolve));
  await catalog.answer();
  assert.equal(await first, "kept");
  const [, advance] = catalog.asked[0] ?? [];
  assert.ok(advance?.kind === "partial.advance" && advance.lengthBytes === 9);
  assert.equal(await recorder.settle(0), "kept");
  assert.equal(catalog.asked.length, 1);
});

test("a write that fails while bytes flow is journaled, and made up for by the next one", async () => {
  const { catalog, journal, recorder } = begin();
  recorder.note(1);
  await catalog.answer(new PortError("unavailable", "The disk is away."));
  assert.deepEqual(
    journal.troubles.map(({ where }) => where),
    ["recording the received bytes"],
  );
  recorder.note(2);
  await catalog.answer();
  assert.equal(recorder.knownBytes, 2);
});

test("the last write is loud", async () => {
  const { catalog, journal, recorder } = begin();
  const settled = assert.rejects(recorder.settle(1), portErrorWith("full"));
  await new Promise((resolve) => setImmediate(resolve));
  await catalog.answer(new PortError("full", "The disk is full."));
  await settled;
  assert.deepEqual(journal.troubles, []);
});

test("a clash is quiet: a newer writer has come, and nothing more is told", async () => {
  const { catalog, journal, recorder } = begin();
  recorder.note(1);
  await catalog.answer(clash("fenced"));
  recorder.note(2);
  assert.equal(await recorder.settle(3), "fenced");
  assert.deepEqual([catalog.told, journal.troubles], [[1], []]);
});

test("a file that waits no more is another clash", async () => {
  const { catalog, recorder } = begin({ isKnown: false });
  const settled = recorder.settle(1);
  await new Promise((resolve) => setImmediate(resolve));
  await catalog.answer(clash("row"));
  assert.equal(await settled, "gone");
});

test("a put whose answer was lost is found to be our own", async () => {
  const { catalog, recorder } = begin({ isKnown: false });
  recorder.note(1);
  await catalog.answer(new PortError("unavailable", "The answer was lost."));
  const settled = recorder.settle(2);
  await new Promise((resolve) => setImmediate(resolve));
  await catalog.answer(clash("fenced"));
  await catalog.answer();
  assert.equal(await settled, "kept");
  assert.deepEqual(catalog.told, [1, 2, 2]);
});

test("a put that a newer writer fenced off is not taken for our own", async () => {
  const { catalog, recorder } = begin({ isKnown: false });
  const settled = recorder.settle(2);
  await new Promise((resolve) => setImmediate(resolve));
  await catalog.answer(clash("fenced"));
  await catalog.answer(clash("fenced"));
  assert.equal(await settled, "fenced");
});
