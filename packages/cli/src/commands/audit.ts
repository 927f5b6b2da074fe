import { setTimeout as sleep } from "node:timers/promises";
import type { AuditEntry, Services } from "@contentlib/client";
import { auditLine, auditTable } from "../audit-table.ts";
import type { CommandContext } from "../command-context.ts";
import { ToldEntries } from "../told-entries.ts";
import { sinceTime } from "../since-time.ts";
import { type WhereOptions, withServices } from "../with-services.ts";

/** Options of `contentlib audit`. */
export interface AuditOptions extends WhereOptions {
  readonly user?: string;
  readonly actor?: string;
  readonly token?: string;
  readonly event?: string;
  readonly operation?: string;
  readonly on?: string;
  readonly address?: string;
  readonly request?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly all?: boolean;
  readonly follow?: boolean;
}

type Filters = NonNullable<Parameters<Services["audit"]["list"]>[0]>;

/** How many entries are shown of more, when nobody says. */
const LIMIT_DEFAULT = 1_000;

/** Most entries that one call answers. */
const PART_MAX = 1_000;

/** How often a follower asks for what is new, in milliseconds. */
const FOLLOW_PERIOD_MS = 2_000;

const filtersOf = (options: AuditOptions, now: number): Filters => {
  const { since, until, event } = options;
  const named = {
    user: options.user ?? options.actor,
    token_id: options.token,
    event: event?.toUpperCase().replaceAll("-", "_") as Filters["event"],
    operation: options.operation,
    object_id: options.on,
    address: options.address,
    request_id: options.request,
    since: since === undefined ? undefined : sinceTime(since, now),
    until: until === undefined ? undefined : sinceTime(until, now),
  };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Filters;
};

/** The newest entries, the oldest of them first, and whether there are older ones still. */
const newest = async (
  services: Services,
  filters: Filters,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<{ readonly entries: readonly AuditEntry[]; readonly isCut: boolean }> => {
  const entries: AuditEntry[] = [];
  let before: string | undefined;
  do {
    const part = {
      ...filters,
      limit: Math.min(PART_MAX, limit - entries.length),
      ...(before === undefined ? {} : { before }),
    };
    const page = await services.audit.list(part, { signal });
    entries.push(...page.entries);
    before = page.next;
  } while (before !== undefined && entries.length < limit);
  return { entries: entries.toReversed(), isCut: before !== undefined };
};

/** Tells what there is, then what comes, until it is interrupted. */
const follow = async (
  { output, signal }: CommandContext,
  services: Services,
  { filters, limit }: { readonly filters: Filters; readonly limit: number },
): Promise<void> => {
  const { entries } = await newest(services, filters, { limit, signal });
  const told = new ToldEntries(entries);
  if (!output.isJson) output.entry({}, auditLine(null));
  let news = entries;
  for (;;) {
    for (const entry of news) output.entry(entry, auditLine(entry));
    await sleep(FOLLOW_PERIOD_MS, undefined, { signal });
    const since = told.since(Date.now());
    const isLater = filters.since === undefined || Date.parse(since) > Date.parse(filters.since);
    const recent = isLater ? { ...filters, since } : filters;
    news = told.news((await newest(services, recent, { limit: Infinity, signal })).entries);
  }
};

/** Nothing is ever found by a name that stands where an id belongs. */
const nothingFound = ({ on, token }: AuditOptions): string =>
  on === undefined && token === undefined
    ? "There are no entries."
    : "There are no entries. --on and --token take ids, as --json shows them.";

/** `contentlib audit`: who did what, the oldest first; as JSON a line for each. */
export async function audit(context: CommandContext, options: AuditOptions): Promise<void> {
  const { output, signal } = context;
  const filters = filtersOf(options, Date.now());
  const limit = options.all === true ? Infinity : (options.limit ?? LIMIT_DEFAULT);
  await withServices(context, options, async (services) => {
    if (options.follow === true) return await follow(context, services, { filters, limit });
    const { entries, isCut } = await newest(services, filters, { limit, signal });
    if (output.isJson) for (const entry of entries) output.entry(entry, []);
    else if (entries.length === 0) output.note(nothingFound(options));
    else output.entry({}, auditTable(entries));
    if (isCut) output.note(`These are the newest ${limit}; --all shows the older ones too.`);
  });
}
