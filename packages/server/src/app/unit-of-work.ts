import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Catalog, ChangeSet, ClashReason } from "../ports/index.ts";
import { Fault } from "./fault.ts";

/** How often a decision is taken again when others changed what it was taken on. */
const DECISIONS_MAX = 16;

/** What was decided on the state just read: the writes, and the answer once they are kept. */
export interface Decision<Result> {
  readonly changes: ChangeSet;
  readonly result: Result;
  /** Clashes that another decision would only meet again, with the fault that says so. */
  readonly refusals?: Partial<Record<ClashReason, FaultValue>>;
}

/** Seconds to wait for a caller who lost every time. */
const RETRY_SECONDS = 1;

/**
 * Reads, decides and commits; reads and decides again when the state moved in between, a bounded number of times. A decision
 * of null says that it moved while deciding.
 */
export const commitDecision = async <Result>(
  catalog: Pick<Catalog, "commit">,
  decide: () => Promise<Decision<Result> | null>,
): Promise<Result> => {
  for (let tries = 0; tries < DECISIONS_MAX; tries += 1) {
    const decision = await decide();
    if (decision === null) continue;
    if (decision.changes.length === 0) return decision.result;
    const outcome = await catalog.commit(decision.changes);
    if (outcome.kind === "committed") return decision.result;
    const refusal = decision.refusals?.[outcome.reason];
    if (refusal !== undefined) throw new Fault(refusal);
  }
  throw new Fault(
    faultOf("server.unavailable", "others keep changing the same object", String(RETRY_SECONDS)),
  );
};
