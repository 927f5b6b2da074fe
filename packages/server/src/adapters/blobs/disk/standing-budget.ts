import type { Knowledge } from "./partial-table.ts";
import { ThreadStanding } from "./standing-digests.ts";

/** What stands in threads between the appends of all partials takes no more than this; what is forgotten is read again. */
export const STANDING_BUDGET_BYTES = 64 * 1024 * 1024;

/** Keeps what stands within a budget of memory. The heaviest goes first, so that a few odd ones do not cost all others theirs. */
export class StandingBudget<Result> {
  readonly #budgetBytes: number;
  readonly #kept = new Set<Knowledge<Result>>();

  constructor(budgetBytes: number = STANDING_BUDGET_BYTES) {
    this.#budgetBytes = budgetBytes;
  }

  /** Counts what has come to stand, until it is taken up again or forgotten. */
  keep(knowledge: Knowledge<Result>): void {
    this.#kept.add(knowledge);
    let heldBytes = 0;
    for (const each of this.#kept) {
      if (each.standing === null) this.#kept.delete(each);
      heldBytes += heldBytesOf(each);
    }
    if (heldBytes <= this.#budgetBytes) return;
    for (const each of [...this.#kept].sort(
      (one, other) => heldBytesOf(other) - heldBytesOf(one),
    )) {
      if (heldBytes <= this.#budgetBytes) return;
      heldBytes -= heldBytesOf(each);
      each.standing?.forget();
      each.standing = null;
      this.#kept.delete(each);
    }
  }
}

const heldBytesOf = <Result>({ standing }: Knowledge<Result>): number =>
  standing instanceof ThreadStanding ? standing.heldBytes : 0;
