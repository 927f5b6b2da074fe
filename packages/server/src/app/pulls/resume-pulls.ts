import type { PulledFile, SessionFile } from "../../domain/update-session.ts";
import type { Core } from "../core.ts";

/** Whether a job has to look at the file: it is still to be pulled, or what follows may not have been done. */
const wantsJob = (file: SessionFile): file is PulledFile =>
  file.source === "PULL" &&
  (file.receipt.status === "WAITING" || file.from.sealedLogin !== undefined);

/** After a start: begins again whatever was being pulled for sessions that are still ACTIVE. (S106) */
export const resumePulls = async ({
  catalog,
  pulls,
}: Pick<Core, "catalog" | "pulls">): Promise<void> => {
  const { updates } = await catalog.housekeeping.listActive();
  for (const { value: session } of updates) {
    const row = await catalog.findSession(session.id);
    for (const { value: file } of row?.files ?? [])
      if (wantsJob(file)) pulls.begin({ sessionId: session.id, entryId: file.entryId });
  }
};
