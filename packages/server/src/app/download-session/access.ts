import type { OperationOutput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { DownloadSession } from "../../domain/download-session.ts";
import { checkVisibleDownload } from "../../domain/download-session/lifecycle.ts";
import { expireIfLapsed, hasLapsed } from "../../domain/expiry.ts";
import { parseDownloadSessionId } from "../../domain/ids.ts";
import type { Row } from "../../ports/index.ts";
import { serverDeed } from "../audit/deeds.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { orFault } from "../or-fault.ts";
import { presentMessage, presentTime, presentVersion } from "../present.ts";

/** What it takes to look at a download session: one whose time is up is ended on the way. */
export type DownloadCore = Pick<
  Core,
  "catalog" | "live" | "time" | "journal" | "downloads" | "deeds"
>;

/** The session with the expiry that holds now: bytes that move and the floor count, stored or not. */
const current = (core: Pick<Core, "live" | "time">, session: DownloadSession): DownloadSession => {
  if (session.state !== "ACTIVE") return session;
  const activeAt = core.live.activeAt(session.id, core.time.now());
  const byBytes = activeAt === null ? 0 : activeAt + core.time.timeoutMs;
  return { ...session, expiresAt: Math.max(session.expiresAt, core.time.floorAt, byBytes) };
};

export const loadDownload = async (
  core: DownloadCore,
  idText: string,
): Promise<Row<DownloadSession>> => {
  const notFound = faultOf("download_session.not_found", idText);
  const id = parseDownloadSessionId(idText);
  if (id === null) throw new Fault(notFound);
  for (;;) {
    const row = await core.catalog.findDownload(id);
    if (row === null) throw new Fault(notFound);
    const session = orFault(checkVisibleDownload(current(core, row.value)));
    if (!hasLapsed(session, core.time.now())) return { value: session, rev: row.rev };
    await expireDownload(core, { value: session, rev: row.rev });
  }
};

/** Ends a download session whose time is up, as `expireSession` does. */
export const expireDownload = async (
  core: DownloadCore,
  row: Row<DownloadSession>,
): Promise<void> => {
  const session = current(core, row.value);
  if (session.state !== "ACTIVE") return;
  const ended = expireIfLapsed(session, core.time.now(), core.time.timeoutMs);
  if (ended === null) return;
  const changes = [{ kind: "download.put", session: ended, rev: row.rev }] as const;
  const outcome = await core.deeds.within(serverDeed("server.expire"), () =>
    core.catalog.commit(changes),
  );
  if (outcome.kind === "committed") settleDownloadEnd(core, ended, "no activity");
};

/** What follows once the end of a download session is recorded: its streams are cut. */
export const settleDownloadEnd = (
  core: Pick<Core, "live" | "journal" | "downloads">,
  ended: DownloadSession,
  why: string,
): void => {
  core.live.cutSession(ended.id, ended.state);
  core.downloads.forget(ended.id);
  core.journal.sessionEnded({ sessionId: ended.id, itemId: ended.itemId, state: ended.state, why });
};

export const presentDownload = (
  session: DownloadSession,
): OperationOutput<"downloadSession.get"> => {
  const visible = orFault(checkVisibleDownload(session));
  return {
    id: visible.id,
    library_item_id: visible.itemId,
    library_item_content_version: presentVersion(visible.itemContentVersion),
    client_progress: visible.clientProgress,
    state: visible.state,
    expiration_time: presentTime(visible.expiresAt),
    ...(visible.state === "ERROR" ? { error_message: presentMessage(visible.errorMessage) } : {}),
  };
};
