import { isToFollow } from "../../domain/session-file/named-files.ts";
import { isCompleting } from "../../domain/update-session/guard.ts";
import type { PulledFile, SessionFile } from "../../domain/update-session.ts";
import type { Core } from "../core.ts";

const isPulled = (file: SessionFile): file is PulledFile => file.source === "PULL";

/** Whether a job has to look at the file: it is still to be pulled, or what follows may not have been done. */
const wantsJob = (file: PulledFile): boolean =>
  file.receipt.status === "WAITING" || file.from.sealedLogin !== undefined || isToFollow(file);

/**
 * After a start: begins again whatever was being pulled for sessions that are still ACTIVE, and what was to follow. Where a completion
 * is pending and all files have come, the job of any of them ends it. Nobody waits for that: it may take long. (S106, S114, S116)
 */
export const resumePulls = async ({
  catalog,
  pulls,
}: Pick<Core, "catalog" | "pulls">): Promise<void> => {
  const { updates } = await catalog.housekeeping.listActive();
  for (const { value: session } of updates) {
    const row = await catalog.findSession(session.id);
    const pulled = row?.files.map(({ value }) => value).filter(isPulled) ?? [];
    const wanting = pulled.filter(wantsJob);
    const ending = isCompleting(session) && wanting.length === 0 ? pulled.slice(0, 1) : [];
    for (const { entryId } of [...wanting, ...ending])
      pulls.begin({ sessionId: session.id, entryId });
  }
};
