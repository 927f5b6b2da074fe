import { resolveItem } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { inBatches } from "../in-batches.ts";
import { tableLines } from "../output.ts";
import { getSession, placeOf } from "../session.ts";

/** Options of `contentlib session ls`. */
export interface SessionLsOptions {
  readonly item?: string;
}

/** `contentlib session ls`: your own sessions, those that ended lately included. */
export async function sessionLs(
  { connect, output, signal }: CommandContext,
  options: SessionLsOptions,
): Promise<void> {
  const client = await connect();
  const filter =
    options.item === undefined
      ? {}
      : { library_item_id: (await resolveItem(client, options.item, signal)).item.id };
  const updateIds = await client.updateSessions.list(filter, { signal });
  const downloadIds = await client.downloadSessions.list(filter, { signal });
  const sessions = await inBatches([...updateIds, ...downloadIds], async (id) => {
    const { kind, session } = await getSession(client, id, signal);
    return { kind, place: await placeOf(client, session.library_item_id, signal), ...session };
  });
  const rows = sessions.map((one) => [
    one.id,
    one.kind,
    output.style(
      one.state === "ACTIVE" ? "green" : one.state === "ERROR" ? "red" : "dim",
      one.state,
    ),
    one.state === "ACTIVE" ? `${one.client_progress}%` : "-",
    one.place,
    one.state === "ACTIVE" ? one.expiration_time.replace("T", " ").replace(/\.\d+Z$/, "Z") : "-",
  ]);
  const lines =
    rows.length === 0
      ? ["You have no sessions."]
      : tableLines([["SESSION", "KIND", "STATE", "PROGRESS", "ITEM", "EXPIRES"], ...rows]);
  output.result({ sessions }, lines);
}
