import type { DownloadSessionId, Instant, UpdateSessionId } from "../../domain/ids.ts";
import type { Change } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import type { LiveTransfer } from "../live-transfers.ts";

/** Whether the transfer writes to an update session; a download's transfer has no entry. */
const extension = (transfer: LiveTransfer, expiresAt: Instant): Change =>
  transfer.entryId === null
    ? { kind: "download.extend", id: transfer.sessionId as DownloadSessionId, expiresAt }
    : { kind: "session.extend", id: transfer.sessionId as UpdateSessionId, expiresAt };

/** One for each session, however many transfers it has. */
const extensions = ({ live, time }: Pick<Core, "live" | "time">, now: Instant): Change[] => {
  const bySession = new Map<string, Change>();
  for (const transfer of live.all()) {
    const { sessionId } = transfer;
    if (bySession.has(sessionId)) continue;
    const activeAt = live.activeAt(sessionId, now) ?? transfer.activeAt(now);
    bySession.set(sessionId, extension(transfer, activeAt + time.timeoutMs));
  }
  return [...bySession.values()];
};

/**
 * Stores what bytes have done to expiries (S30), then that the server is alive: the other way round a crash in between could make a
 * session look as if it had lapsed while the server lived. After a jump of the clock every ACTIVE session is moved to the floor.
 */
export const recordActivity = async (
  core: Pick<Core, "catalog" | "live" | "time" | "logins">,
  floorStoredAt: number,
): Promise<number> => {
  const now = core.time.now();
  const changes = extensions(core, now);
  const { floorAt } = core.time;
  if (floorAt > floorStoredAt) changes.push(...(await floorChanges(core, floorAt)));
  if (changes.length > 0) await core.catalog.commit(changes);
  await core.logins.recordUse();
  await core.catalog.housekeeping.noteAlive(now);
  return floorAt;
};

const floorChanges = async (
  core: Pick<Core, "catalog">,
  expiresAt: number,
): Promise<readonly Change[]> => {
  const active = await core.catalog.housekeeping.listActive();
  return [
    ...active.updates.map(({ value }): Change => ({
      kind: "session.extend",
      id: value.id,
      expiresAt,
    })),
    ...active.downloads.map(({ value }): Change => ({
      kind: "download.extend",
      id: value.id,
      expiresAt,
    })),
  ];
};
