import { setTimeout as sleep } from "node:timers/promises";
import type { AuditEntry } from "@contentlib/client";
import type { AuditFilters } from "./audit-filters.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { reportOf } from "./failure.ts";
import { newestEntries } from "./newest-entries.ts";
import type { Trail } from "./newest-entries.ts";
import type { Output } from "./output.ts";
import { ToldEntries } from "./told-entries.ts";

/** How often a follower asks for what is new, in milliseconds. */
const FOLLOW_PERIOD_MS = 2_000;
/** How long it waits at most before it asks again a server that did not answer, in milliseconds. */
const WAIT_MAX_MS = 30_000;

/** What is followed, and how it is told. */
export interface Followed {
  readonly services: Trail;
  readonly filters: AuditFilters;
  /** How many entries are told of what was before. */
  readonly limit: number;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly tell: (entry: AuditEntry) => void;
  /** Waits; tests put their own in its place. */
  readonly wait?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

const waitFor = async (durationMs: number, signal: AbortSignal): Promise<void> =>
  await sleep(durationMs, undefined, { signal });

/** Tells what there is, then what comes, until the signal aborts. A server that is away for a while is waited for. */
export async function followAudit(followed: Followed): Promise<void> {
  const { services, filters, limit, signal, tell } = followed;
  const { entries } = await newestEntries(services, filters, { limit, signal });
  const told = new ToldEntries(entries);
  let news = entries;
  for (;;) {
    news.forEach(tell);
    await (followed.wait ?? waitFor)(FOLLOW_PERIOD_MS, signal);
    const since = told.since(Date.now());
    const isLater = filters.since === undefined || Date.parse(since) > Date.parse(filters.since);
    const recent = isLater ? { ...filters, since } : filters;
    news = told.news(await patiently(followed, recent));
  }
}

/** All that has happened since; from a server that does not answer as soon as it does again. */
async function patiently(
  { services, output, signal, wait = waitFor }: Followed,
  filters: AuditFilters,
): Promise<readonly AuditEntry[]> {
  for (let waitMs = FOLLOW_PERIOD_MS, isTold = false; ; isTold = true) {
    try {
      const { entries } = await newestEntries(services, filters, { limit: Infinity, signal });
      if (isTold) output.note("The server answers again.");
      return entries;
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      const hint = "It is asked again until it answers; Ctrl-C ends that";
      if (!isTold) output.failure({ ...reportOf(error, false), hint });
    }
    await wait(waitMs, signal);
    waitMs = Math.min(WAIT_MAX_MS, waitMs * 2);
  }
}

/** Whether it may be over soon: no connection, no answer, a server that is busy or stopping, or a proxy's page in its place. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || ("untrustedOrigin" in error && error.untrustedOrigin))
    return false;
  if ("kind" in error && error.kind === "protocol") return true;
  return reportOf(error, false).exitCode === EXIT_CODES.connection;
}
