import assert from "node:assert/strict";
import { test } from "node:test";
import { faultOf } from "@contentlib/contract/vocabulary";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import type { ChangeSet, CommitOutcome } from "../ports/index.ts";
import { commitDecision } from "./unit-of-work.ts";

const CHANGE: ChangeSet = [{ kind: "login.delete", idHash: "" }];

/** A catalog that clashes so often before it commits. */
const clashing = (times: number, reason: "row" | "item-name" = "row") => {
  let commits = 0;
  return {
    count: () => commits,
    commit: async (): Promise<CommitOutcome> => {
      commits += 1;
      return commits <= times ? { kind: "clash", reason } : { kind: "committed" };
    },
  };
};

test("a clash makes it read and decide again, and the answer is that of the decision that was kept", async () => {
  const catalog = clashing(3);
  let decisions = 0;
  const result = await commitDecision(catalog, async () => ({
    changes: CHANGE,
    result: (decisions += 1),
  }));
  assert.equal(result, 4);
});

test("a decision without changes commits nothing", async () => {
  const catalog = clashing(0);
  assert.equal(
    await commitDecision(catalog, async () => ({ changes: [], result: "as it was" })),
    "as it was",
  );
  assert.equal(catalog.count(), 0);
});

test("a clash that the decision foresaw is its fault, at once", async () => {
  const catalog = clashing(1, "item-name");
  await refusedWith(
    "item.name_taken",
    commitDecision(catalog, async () => ({
      changes: CHANGE,
      result: null,
      refusals: { "item-name": faultOf("item.name_taken", "a", "b", "c") },
    })),
  );
  assert.equal(catalog.count(), 1);
});

test("whoever loses every time is told to try again, after a bounded number of tries", async () => {
  const catalog = clashing(Number.MAX_SAFE_INTEGER);
  await refusedWith(
    "server.unavailable",
    commitDecision(catalog, async () => ({ changes: CHANGE, result: null })),
  );
  assert.equal(catalog.count(), 16);
});

test("a decision of null is taken again, and counts among the bounded tries", async () => {
  const catalog = clashing(0);
  let decisions = 0;
  await refusedWith(
    "server.unavailable",
    commitDecision(catalog, async () => {
      decisions += 1;
      return null;
    }),
  );
  assert.equal(decisions, 16);
  assert.equal(catalog.count(), 0);
});
