import { SEVERAL } from "@contentlib/contract/vocabulary";
import type { AuditEntry } from "../../domain/audit-entry.ts";
import type { Instant } from "../../domain/ids.ts";
import { networkOf } from "../../domain/network-of.ts";
import type { Doer } from "../../ports/index.ts";
import type { ToldObject } from "./told-object.ts";
import { keyOf } from "./told-object.ts";
import { FOLD_WINDOW_MS } from "./trail-names.ts";

/** Most rows that refusals make within one window of time, all together. */
export const FOLDS_MAX = 1_000;

/** Most of them for logins from one network, and for calls of one user: whoever tries more is told of in one further row. */
export const FOLDS_OF_SOURCE_MAX = 20;

/** Something that was refused. */
export interface Refused extends Pick<
  AuditEntry,
  "operation" | "address" | "requestId" | "reason"
> {
  readonly event: "LOGIN_REFUSED" | "DENIED";
  readonly doer: Doer | { readonly kind: "unknown"; readonly userName: string };
  readonly objects: readonly ToldObject[];
}

/** So many alike, since the last time they were written. */
export interface Fold {
  readonly key: string;
  /** The first of them. */
  readonly refused: Refused;
  readonly count: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

interface OpenFold {
  readonly refused: Refused;
  /** Whose number of rows it counts for; null where it is told of many. */
  readonly source: string | null;
  readonly beganAt: Instant;
  count: number;
  firstAt: Instant;
  lastAt: Instant;
}

/** Who it comes from: of a login nothing is known but the network, of a call the user. */
const sourceOf = ({ event, doer, address }: Refused): string => {
  if (doer.kind === "user") return `${event} ${doer.accountId} ${doer.tokenId ?? ""}`;
  return `${event} ${networkOf(address ?? "")}`;
};

const detailOf = ({ doer, operation, address, objects, reason }: Refused): string =>
  JSON.stringify([
    doer.kind === "unknown" ? doer.userName.toLowerCase() : networkOf(address ?? ""),
    operation,
    objects.map(keyOf),
    reason ?? "",
  ]);

/** All of one source that had no row of their own: its name, if it made that up, and what it was after are left out. */
const withoutDetail = ({ event, doer, operation, address }: Refused): Refused => ({
  event,
  doer: doer.kind === "unknown" ? { kind: "unknown", userName: "" } : doer,
  operation: event === "DENIED" ? SEVERAL : operation,
  ...(address === undefined ? {} : { address }),
  objects: [],
  reason: event === "DENIED" ? "many calls were denied" : "many names were tried",
});

/** All of any source. */
const withoutSource = ({ event, operation }: Refused): Refused => ({
  event,
  doer: { kind: "unknown", userName: "" },
  operation: event === "DENIED" ? SEVERAL : operation,
  objects: [],
  reason: "there were too many to tell them apart",
});

/**
 * Counts what is refused, alike with alike, for a window of time each. However much is refused, and under however many names,
 * what is remembered and what rows come of it are bounded.
 */
export class RefusalFolds {
  readonly #folds = new Map<string, OpenFold>();
  readonly #ofSource = new Map<string, number>();

  count(refused: Refused, at: Instant): void {
    const source = sourceOf(refused);
    const key = `${source} ${detailOf(refused)}`;
    if (this.#join(key, at)) return;
    const isFull = this.#folds.size >= FOLDS_MAX;
    if (!isFull && (this.#ofSource.get(source) ?? 0) < FOLDS_OF_SOURCE_MAX) {
      this.#ofSource.set(source, (this.#ofSource.get(source) ?? 0) + 1);
      this.#begin(key, { refused, source, at });
      return;
    }
    if (this.#join(source, at)) return;
    if (!isFull) this.#begin(source, { refused: withoutDetail(refused), source: null, at });
    else if (!this.#join(refused.event, at))
      this.#begin(refused.event, { refused: withoutSource(refused), source: null, at });
  }

  /** What is to be written; forgets what is, and whose window is over. */
  take(now: Instant): readonly Fold[] {
    const taken: Fold[] = [];
    for (const [key, fold] of this.#folds) {
      if (fold.count > 0) taken.push({ key, ...fold });
      else if (fold.beganAt + FOLD_WINDOW_MS <= now) this.#forget(key, fold);
      fold.count = 0;
    }
    return taken;
  }

  /** Of what was taken nothing was written. */
  giveBack(taken: readonly Fold[]): void {
    for (const { key, count, firstAt, lastAt } of taken) {
      const fold = this.#folds.get(key);
      if (fold === undefined) continue;
      fold.firstAt = firstAt;
      fold.lastAt = Math.max(fold.lastAt, lastAt);
      fold.count += count;
    }
  }

  #join(key: string, at: Instant): boolean {
    const fold = this.#folds.get(key);
    if (fold === undefined) return false;
    if (fold.count === 0) fold.firstAt = at;
    fold.count += 1;
    fold.lastAt = at;
    return true;
  }

  #begin(
    key: string,
    {
      refused,
      source,
      at,
    }: { readonly refused: Refused; readonly source: string | null; readonly at: Instant },
  ): void {
    this.#folds.set(key, { refused, source, beganAt: at, count: 1, firstAt: at, lastAt: at });
  }

  #forget(key: string, { source }: OpenFold): void {
    this.#folds.delete(key);
    if (source === null) return;
    const left = (this.#ofSource.get(source) ?? 1) - 1;
    if (left > 0) this.#ofSource.set(source, left);
    else this.#ofSource.delete(source);
  }
}
