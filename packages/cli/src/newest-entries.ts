import type { AuditEntry, Services } from "@contentlib/client";
import type { AuditFilters } from "./audit-filters.ts";

/** Most entries that one call answers. */
const PART_MAX = 1_000;

/** What answers entries. */
export interface Trail {
  readonly audit: Pick<Services["audit"], "list">;
}

/** How many entries are wanted at most, and what ends the asking. */
export interface Wanted {
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Entries in the order in which they began, and whether there are older ones still. */
export interface Newest {
  readonly entries: readonly AuditEntry[];
  readonly isCut: boolean;
}

/**
 * The entries that were added to last, so many as are wanted. The API counts them by when they began; one that began before
 * the others and has grown since is newer than some of them.
 */
export async function newestEntries(
  services: Trail,
  filters: AuditFilters,
  wanted: Wanted,
): Promise<Newest> {
  const { entries: begun, isCut } = await lastBegun(services, filters, wanted);
  if (!isCut) return { entries: inOrder(begun), isCut };
  const first = Math.min(...begun.map(({ first_time }) => Date.parse(first_time)));
  const since = Math.max(first, Date.parse(filters.since ?? "") || 0);
  const all = { ...filters, since: new Date(since).toISOString() };
  const { entries } = await lastBegun(services, all, { ...wanted, limit: Infinity });
  const newest = entries
    .toSorted((one, other) => Date.parse(other.last_time) - Date.parse(one.last_time))
    .slice(0, wanted.limit);
  return { entries: inOrder(newest), isCut };
}

/** What began last, as the API answers it: the newest first. */
async function lastBegun(
  { audit }: Trail,
  filters: AuditFilters,
  { limit, signal }: Wanted,
): Promise<Newest> {
  const entries: AuditEntry[] = [];
  let before: string | undefined;
  do {
    const part = {
      ...filters,
      limit: Math.min(PART_MAX, limit - entries.length),
      ...(before === undefined ? {} : { before }),
    };
    const page = await audit.list(part, { signal });
    entries.push(...page.entries);
    before = page.next;
  } while (before !== undefined && entries.length < limit);
  return { entries, isCut: before !== undefined };
}

const inOrder = (entries: readonly AuditEntry[]): readonly AuditEntry[] =>
  entries.toSorted(
    (one, other) =>
      Date.parse(one.first_time) - Date.parse(other.first_time) ||
      Number(one.id) - Number(other.id),
  );
