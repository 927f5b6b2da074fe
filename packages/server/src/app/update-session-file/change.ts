import type { UpdateSessionId } from "../../domain/ids.ts";
import { stagedOf } from "../../domain/session-file/add.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { Change } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { releaseStaged } from "../release-staged.ts";

/** Work on a session's files is activity. */
export const extendedBy = (core: Pick<Core, "time">, id: UpdateSessionId): Change => ({
  kind: "session.extend",
  id,
  expiresAt: core.time.now() + core.time.timeoutMs,
});

/** What follows once an entry is out of the set: its transfer is cut and its bytes go. */
export const dropEntry = async (
  core: Pick<Core, "live" | "blobs" | "journal">,
  sessionId: UpdateSessionId,
  file: SessionFile,
): Promise<void> => {
  if (file.source !== "PUSH") return;
  core.live.upload(sessionId, file.entryId)?.signal.cut({ kind: "removed" });
  await releaseStaged(core, stagedOf(file));
};
