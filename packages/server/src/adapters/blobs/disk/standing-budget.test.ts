import assert from "node:assert/strict";
import { test } from "node:test";

import type { Knowledge } from "./partial-table.ts";
import { StandingBudget } from "./standing-budget.ts";
import { ThreadStanding } from "./standing-digests.ts";
import type { StagingThread } from "./staging-threads.ts";

const forgotten: number[] = [];

class FakeStanding extends ThreadStanding<null> {
  override covers(): boolean {
    return true;
  }

  override async result(): Promise<null> {
    return null;
  }
}

const standing = (id: number, heldBytes: number): Knowledge<null> => {
  const thread = { dead: false, forget: (gone: number) => forgotten.push(gone) };
  const fake = new FakeStanding(thread as unknown as StagingThread, id);
  fake.standAt(1, heldBytes);
  return { standing: fake, catchingUp: null, known: null };
};

test("what stands is forgotten from the heaviest on once all of it is too heavy", () => {
  const budget = new StandingBudget<null>(100);
  const [light, heavy, middle] = [standing(1, 10), standing(2, 60), standing(3, 30)];
  for (const each of [light, heavy, middle]) budget.keep(each);
  assert.deepEqual(forgotten, []);
  budget.keep(light);
  assert.deepEqual(forgotten, []);
  budget.keep(standing(4, 1));
  assert.deepEqual(forgotten.splice(0), [2]);
  assert.deepEqual(
    [light, heavy, middle].map((each) => each.standing !== null),
    [true, false, true],
  );
  budget.keep(standing(5, 200));
  assert.deepEqual(forgotten.splice(0), [5]);
});

test("what is taken up again counts no more", () => {
  const budget = new StandingBudget<null>(100);
  const first = standing(1, 90);
  budget.keep(first);
  first.standing = null;
  budget.keep(standing(2, 90));
  assert.deepEqual(forgotten, []);
});
