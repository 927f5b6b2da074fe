import { shortTime } from "../access-tables.ts";
import { resolveItem } from "../address.ts";
import { itemAddress } from "../address-form.ts";
import type { CommandContext } from "../command-context.ts";
import { present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { formatBytes, shellWord, tableLines } from "../output.ts";
import type { Output } from "../output.ts";
import { findSession, placeOf } from "../session.ts";

/** Options of `contentlib session ls`. */
export interface SessionLsOptions {
  readonly item?: string;
  readonly all?: boolean;
}

/** `contentlib session ls`: your own sessions, those that ended lately included, or those of everybody. */
export async function sessionLs(context: CommandContext, options: SessionLsOptions): Promise<void> {
  if (options.all) return await sessionLsAll(context);
  const { connect, output, signal } = context;
  const client = await connect();
  const filter =
    options.item === undefined
      ? {}
      : { library_item_id: (await resolveItem(client, options.item, signal)).item.id };
  const updateIds = await client.updateSession.list(filter, { signal });
  const downloadIds = await client.downloadSession.list(filter, { signal });
  const found = await inBatches([...updateIds, ...downloadIds], async (id) => {
    const one = await findSession(client, id, signal);
    if (one === null) return null;
    const { kind, session } = one;
    return { kind, place: await placeOf(client, session.library_item_id, signal), ...session };
  });
  const sessions = present(found);
  const rows = sessions.map((one) => [
    one.id,
    one.kind,
    styledState(output, one.state),
    one.state === "ACTIVE" ? `${one.client_progress}%` : "-",
    shellWord(one.place),
    one.state === "ACTIVE" ? shortTime(one.expiration_time) : "-",
  ]);
  const lines =
    rows.length === 0
      ? ["You have no sessions."]
      : tableLines([["SESSION", "KIND", "STATE", "PROGRESS", "ITEM", "EXPIRES"], ...rows]);
  output.result({ sessions }, lines);
}

/** `contentlib session ls --all`: for administrators. The items of others may be gone, so that their names come with the list. */
async function sessionLsAll({ connect, output, signal }: CommandContext): Promise<void> {
  const client = await connect();
  const overviews = await client.sessionOverview.list({}, { signal });
  const sessions = overviews.map(({ session_id: id, ...one }) => ({
    ...one,
    id,
    kind: one.kind.toLowerCase(),
    place:
      one.item_name === undefined || one.library_name === undefined
        ? one.library_item_id
        : itemAddress(one.library_name, one.item_name),
  }));
  const rows = sessions.map((one) => [
    one.id,
    one.kind,
    styledState(output, one.state),
    one.user,
    formatBytes(one.bytes_transferred),
    shellWord(one.place),
    one.state === "ACTIVE" ? shortTime(one.expiration_time) : "-",
  ]);
  const lines =
    rows.length === 0
      ? ["There are no sessions."]
      : tableLines([["SESSION", "KIND", "STATE", "USER", "BYTES", "ITEM", "EXPIRES"], ...rows]);
  output.result({ sessions }, lines);
}

const styledState = (output: Output, state: string): string =>
  output.style(state === "ACTIVE" ? "green" : state === "ERROR" ? "red" : "dim", state);
