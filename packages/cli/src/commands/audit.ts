import type { AuditEntry, Services } from "@contentlib/client";
import { lookUpFilters, plainFilters } from "../audit-filters.ts";
import type { AuditFilterOptions, AuditFilters } from "../audit-filters.ts";
import { auditLine, auditTable, tableWidth } from "../audit-table.ts";
import type { CommandContext } from "../command-context.ts";
import { followAudit } from "../follow-audit.ts";
import { ifThere } from "../if-there.ts";
import { newestEntries } from "../newest-entries.ts";
import { withServices } from "../with-services.ts";

/** Options of `contentlib audit`. */
export interface AuditOptions extends AuditFilterOptions {
  readonly limit?: number;
  readonly all?: boolean;
  readonly follow?: boolean;
}

/** How many entries are shown of more, when nobody says. */
const LIMIT_DEFAULT = 1_000;

/** `contentlib audit`: who did what, the oldest first; as JSON a line for each. */
export async function audit(context: CommandContext, options: AuditOptions): Promise<void> {
  const { output, signal } = context;
  const plain = plainFilters(options, Date.now());
  const limit = options.all === true ? Infinity : (options.limit ?? LIMIT_DEFAULT);
  await withServices(context, options, async (services) => {
    const filters = { ...plain, ...(await lookUpFilters(services, options, signal)) };
    if (options.follow === true) return await follow(context, services, { filters, limit });
    const { entries, isCut } = await newestEntries(services, filters, { limit, signal });
    if (output.isJson) for (const entry of entries) output.entry(entry, []);
    else if (entries.length === 0) output.note(await nothingFound(services, filters, signal));
    else output.entry({}, auditTable(entries, tableWidth(context.streams.stdout)));
    if (isCut) output.note(`These are the newest ${limit}; --all shows the older ones too.`);
  });
}

async function follow(
  { output, signal, streams }: CommandContext,
  services: Services,
  wanted: { readonly filters: AuditFilters; readonly limit: number },
): Promise<void> {
  const lineOf = (entry: AuditEntry | null): readonly string[] =>
    auditLine(entry, tableWidth(streams.stdout));
  if (!output.isJson) output.entry({}, lineOf(null));
  const tell = (entry: AuditEntry): void => output.entry(entry, lineOf(entry));
  await followAudit({ services, ...wanted, output, signal, tell });
}

/** A name that nobody has may have been tried or be gone, so that it is no mistake; but it may be one. */
async function nothingFound(
  { user: users }: Services,
  { user }: AuditFilters,
  signal: AbortSignal,
): Promise<string> {
  const isKnown = user === undefined || (await ifThere(users.get({ user }, { signal }))) !== null;
  return isKnown
    ? "There are no entries."
    : `There are no entries, and there is no user ${user}. See who there is: contentlib user ls`;
}
