import type { AuditEntry } from "@contentlib/client";

/** How far back a follower looks again, in milliseconds: what began earlier may be kept later. */
const OVERLAP_MS = 60_000;

/** How far back one looks who has been told nothing yet; the clocks of server and client may differ by less. */
const FIRST_LOOK_MS = 24 * 3_600_000;

/** Which entries a follower was told, and how many alike each stood for then. */
export class ToldEntries {
  readonly #told = new Map<string, { readonly count: number; readonly lastAt: number }>();
  /** Entries before the first one that was told were left out on purpose, unless they count more since then. */
  readonly #firstId: number;
  readonly #beganAt: number;
  #lastAt = 0;

  constructor(entries: readonly AuditEntry[]) {
    for (const entry of entries) this.#note(entry);
    this.#firstId = entries.length === 0 ? 0 : Math.min(...entries.map(({ id }) => Number(id)));
    this.#beganAt = this.#lastAt;
  }

  /** Those that are new, or stand for more than they did; in the order in which they happened. */
  news(entries: readonly AuditEntry[]): readonly AuditEntry[] {
    const news = entries.filter((entry) => this.#isNew(entry));
    for (const entry of news) this.#note(entry);
    for (const [id, { lastAt }] of this.#told)
      if (lastAt < this.#lastAt - OVERLAP_MS) this.#told.delete(id);
    return news.toSorted((one, other) => lastAtOf(one) - lastAtOf(other));
  }

  /** From when on to look for news. */
  since(now: number): string {
    const at = this.#lastAt === 0 ? now - FIRST_LOOK_MS : this.#lastAt - OVERLAP_MS;
    return new Date(at).toISOString();
  }

  #isNew(entry: AuditEntry): boolean {
    const told = this.#told.get(entry.id);
    if (told !== undefined) return told.count !== entry.count;
    return Number(entry.id) >= this.#firstId || lastAtOf(entry) > this.#beganAt;
  }

  #note(entry: AuditEntry): void {
    const lastAt = lastAtOf(entry);
    this.#told.set(entry.id, { count: entry.count, lastAt });
    this.#lastAt = Math.max(this.#lastAt, lastAt);
  }
}

const lastAtOf = ({ last_time }: AuditEntry): number => Date.parse(last_time);
