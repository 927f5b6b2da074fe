import type { DownloadCore } from "../download-session/access.ts";
import { expireDownload } from "../download-session/access.ts";
import type { SessionCore } from "../update-session/access.ts";
import { current } from "../update-session/access.ts";
import { expireSession } from "../update-session/expire.ts";

/** What it takes to end sessions of both kinds. */
export type ExpiryCore = SessionCore & DownloadCore;

/** Ends the sessions whose time is up: nobody has to ask for them to free their items. */
export const expireSessions = async (core: ExpiryCore): Promise<void> => {
  const now = core.time.now();
  const lapsed = await core.catalog.housekeeping.listLapsed(now);
  for (const row of lapsed.updates)
    await expireSession(core, { value: current(core, row.value), rev: row.rev });
  for (const row of lapsed.downloads) await expireDownload(core, row);
};
