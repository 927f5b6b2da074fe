import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deed } from "../../ports/index.ts";
import { AsyncDeedScope } from "./async-deed-scope.ts";

const deedOf = (operation: string): Deed => ({ doer: { kind: "server" }, operation });

test("works at the same time see their own deed, also after waiting for one another", async () => {
  const deeds = new AsyncDeedScope();
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const seen: (string | undefined)[] = [];
  const work = async (): Promise<void> => {
    await gate;
    seen.push(deeds.current()?.operation);
  };
  const works = ["first", "second"].map((name) => deeds.within(deedOf(name), work));
  // Whoever opens the gate does not lend his deed to those who waited at it.
  deeds.within(deedOf("third"), open);
  await Promise.all(works);
  assert.deepEqual(seen, ["first", "second"]);
  assert.equal(deeds.current(), null);
});

test("an inner deed hides the outer one until its work is over, and the answer is handed on", async () => {
  const deeds = new AsyncDeedScope();
  const answer = await deeds.within(deedOf("outer"), async () => {
    const inner = await deeds.within(deedOf("inner"), async () => deeds.current()?.operation);
    return [inner, deeds.current()?.operation];
  });
  assert.deepEqual(answer, ["inner", "outer"]);
});
