import type { TestContext } from "node:test";

/** Tells in the output of the run which client it was; the runner prints such lines of passing files too. */
export function ranWith(t: TestContext, client: string): void {
  t.diagnostic(`ran with ${client}`);
}
