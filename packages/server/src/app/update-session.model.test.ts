import { test } from "node:test";
import type { Action, Declared, Model } from "@contentlib/testkit/models/update-session-model";
import { firstModel, step } from "@contentlib/testkit/models/update-session-model";
import { UpdateSessionWorld } from "@contentlib/testkit/models/update-session-world";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import type { RigStorage } from "@contentlib/testkit/rigs/app-rig";
import { diskStorage, memoryStorage, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import assert from "node:assert/strict";
import fc from "fast-check";
import { ManualClock } from "../adapters/clock/manual-clock.ts";

/** Random command sequences against the real application, once on memory and once on SQLite and disk. Seeds: FC_SEED. */
const RUNS = { memory: 300, disk: 15 } as const;
const SEED = process.env["FC_SEED"];

const name = fc.constantFrom("disk.vmdk", "readme.txt", "boot.iso");
const content = fc.constantFrom("", "alpha", "bravo", "a longer text");
/** Nearly always the newest session. */
const session = fc.nat({ max: 9 }).map((back) => (back === 9 ? 1 : 0));
const declared: fc.Arbitrary<Declared> = fc.oneof(
  fc.constant({ kind: "nothing" as const }),
  fc
    .constantFrom("alpha", "bravo", "a longer text")
    .map((text) => ({ kind: "content" as const, content: text })),
);

const act = <Kind extends Action["kind"]>(kind: Kind, rest: object = {}): fc.Arbitrary<Action> =>
  fc.record({ kind: fc.constant(kind), session, ...rest }) as fc.Arbitrary<Action>;

/** Never further back than what is kept. */
const rolledBack = fc
  .integer({ min: 1, max: RIG_SETTINGS.revisionsKept - 2 })
  .map((versionsBack): Action => ({ kind: "rollback", versionsBack }));

const single: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Action>({ kind: "create" }) },
  { weight: 4, arbitrary: act("add", { name, declared }) },
  { weight: 6, arbitrary: act("send", { name, content }) },
  { weight: 2, arbitrary: act("undo", { name }) },
  { weight: 5, arbitrary: act("remove", { name }) },
  { weight: 2, arbitrary: act("keep-alive", { progress: fc.integer({ min: -1, max: 101 }) }) },
  { weight: 4, arbitrary: act("complete") },
  { weight: 1, arbitrary: act("cancel") },
  { weight: 1, arbitrary: act("fail") },
  { weight: 1, arbitrary: act("delete") },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(1_000, 299_999)
      .map((elapsedMs): Action => ({ kind: "wait", elapsedMs })),
  },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: "wait", elapsedMs: 300_000 }) },
  { weight: 2, arbitrary: rolledBack },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: "restart" }) },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: "tidy" }) },
);

/** A file added and sent as a client does it; chance alone would seldom send the right bytes to the right file. */
const pushed: fc.Arbitrary<readonly Action[]> = fc
  .record({ name, content: fc.constantFrom("alpha", "bravo", "a longer text") })
  .map((push) => [
    {
      kind: "add",
      session: 0,
      name: push.name,
      declared: { kind: "content", content: push.content },
    },
    { kind: "send", session: 0, ...push },
  ]);

/** A whole session that changes one file of the item. */
const rework: fc.Arbitrary<readonly Action[]> = fc
  .oneof(
    pushed,
    act("remove", { name }).map((remove) => [{ ...remove, session: 0 } as Action]),
  )
  .map((change) => [{ kind: "create" }, ...change, { kind: "complete", session: 0 }]);

/** Chance alone would seldom change an item twice and then go back. */
const undone: fc.Arbitrary<readonly Action[]> = fc
  .tuple(rework, rework, rolledBack)
  .map(([first, second, back]) => [...first, ...second, back]);

const actions: fc.Arbitrary<Action[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: single.map((one) => [one]) },
      { weight: 2, arbitrary: pushed },
      { weight: 1, arbitrary: rework },
      { weight: 1, arbitrary: undone },
    ),
    { maxLength: 40, size: "max" },
  )
  .map((groups) => groups.flat());

/** What the application may answer where the model, which knows neither ids nor endpoints, says this. */
const IN_OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  "not-there": ["update_session.not_found", "update_session.expired"],
  "no-endpoint": ["transfer.unknown_endpoint", "update_session.no_such_file"],
};

/** Sending goes by way of a file's endpoint: an ended session may have no such file, or the endpoint says so in its own words. */
const sameAnswer = (action: Action, expected: string, actual: string): boolean => {
  if (expected === actual || IN_OTHER_WORDS[expected]?.includes(actual) === true) return true;
  if (action.kind !== "send" || expected !== "update_session.invalid_state") return false;
  return (
    actual === "transfer.session_ended" || IN_OTHER_WORDS["no-endpoint"]?.includes(actual) === true
  );
};

const run = async (
  actions: readonly Action[],
  clock: ManualClock,
  storage: RigStorage,
): Promise<void> => {
  const world = await UpdateSessionWorld.open(clock, storage);
  let model: Model = firstModel(clock.now(), RIG_SETTINGS.sessionTimeoutMs);
  for (const each of actions) {
    const expected = step(model, each);
    const answer = await world.perform(model, each);
    assert.ok(
      sameAnswer(each, expected.answer, answer),
      `${JSON.stringify(each)}: expected ${expected.answer}, got ${answer}`,
    );
    model = expected.model;
    await world.check(model);
  }
  await world.checkContent(model);
  await world.checkNothingLeft(model);
};

const parameters = (numRuns: number): fc.Parameters<[Action[]]> => ({
  numRuns,
  ...(SEED === undefined ? {} : { seed: Number(SEED) }),
});

test("random commands on memory leave what the model says", async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (drawn) => {
      const clock = new ManualClock();
      const storage = await memoryStorage(clock);
      try {
        await run(drawn, clock, storage);
      } finally {
        await storage.close();
      }
    }),
    parameters(RUNS.memory),
  );
});

test("random commands on SQLite and disk leave what the model says", async () => {
  await fc.assert(
    fc.asyncProperty(actions, (drawn) =>
      withScratchDirectory(async (directory) => {
        const clock = new ManualClock();
        const storage = await diskStorage(clock, directory);
        try {
          await run(drawn, clock, storage);
        } finally {
          await storage.close();
        }
      }),
    ),
    parameters(RUNS.disk),
  );
});
