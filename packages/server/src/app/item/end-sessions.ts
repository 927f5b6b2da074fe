import { endDownloadWithItem } from "../../domain/download-session/lifecycle.ts";
import type { ItemId, LibraryId } from "../../domain/ids.ts";
import { endWithItem } from "../../domain/update-session/end.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Change, Row } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { settleEnd } from "../update-session/expire.ts";

type Scope = { readonly itemId: ItemId } | { readonly libraryId: LibraryId };

/** The end of all ACTIVE sessions of an item or a library: what to commit, and what to do once it is committed. */
export interface EndingOfSessions {
  readonly changes: readonly Change[];
  settle(): Promise<void>;
}

const WHY = "its item was deleted";

const activeSessions = async (
  core: Pick<Core, "catalog">,
  scope: Scope,
): Promise<readonly Row<UpdateSession>[]> => {
  if ("libraryId" in scope) return core.catalog.listActiveSessions(scope);
  const row = await core.catalog.findActiveSession(scope.itemId);
  return row === null ? [] : [row];
};

/** What it takes to end the sessions of what goes. */
export type ItemEndingCore = Pick<Core, "catalog" | "blobs" | "live" | "time" | "journal">;

/** Plans the end of the sessions whose item goes; they turn CANCELED in the same commit (contract U36, D18). */
export const endSessionsOf = async (
  core: ItemEndingCore,
  scope: Scope,
): Promise<EndingOfSessions> => {
  const now = core.time.now();
  const updates = (await activeSessions(core, scope)).flatMap(({ value, rev }) => {
    const session = endWithItem(value, now);
    return session === null ? [] : [{ kind: "session.put" as const, session, rev }];
  });
  const downloads = await endDownloadsOf(core, scope);
  const settle = async (): Promise<void> => {
    for (const { session } of updates) await settleEnd(core, session, WHY);
    await downloads.settle();
  };
  return { changes: [...updates, ...downloads.changes], settle };
};

/** Plans the end of the download sessions alone, where an ACTIVE update session keeps the item from going. */
export const endDownloadsOf = async (
  core: ItemEndingCore,
  scope: Scope,
): Promise<EndingOfSessions> => {
  const now = core.time.now();
  const downloads = (await core.catalog.listActiveDownloads(scope)).flatMap(({ value, rev }) => {
    const session = endDownloadWithItem(value, now);
    return session === null ? [] : [{ kind: "download.put" as const, session, rev }];
  });
  const settle = async (): Promise<void> => {
    for (const { session } of downloads) {
      core.live.cutSession(session.id, session.state);
      core.journal.sessionEnded({
        sessionId: session.id,
        itemId: session.itemId,
        state: session.state,
        why: WHY,
      });
    }
  };
  return { changes: downloads, settle };
};
