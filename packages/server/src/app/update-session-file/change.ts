import type { StagedId, UpdateSessionId } from "../../domain/ids.ts";
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

/** The bytes that a file of a session has, whole or not. */
export const bytesOf = async (
  core: Pick<Core, "catalog">,
  sessionId: UpdateSessionId,
  file: SessionFile | null,
): Promise<readonly StagedId[]> => {
  if (file === null || file.source === "NONE") return [];
  const partial = await core.catalog.findPartial({ sessionId, entryId: file.entryId });
  return partial === null ? stagedOf(file) : [...stagedOf(file), partial.stagedId];
};

/** What follows once an entry is out of the set: its transfer is cut, and the bytes it had go. (S79) */
export const dropEntry = async (
  core: Pick<Core, "live" | "blobs" | "journal">,
  sessionId: UpdateSessionId,
  { file, bytes }: { readonly file: SessionFile; readonly bytes: readonly StagedId[] },
): Promise<void> => {
  if (file.source === "NONE") return;
  core.live.upload(sessionId, file.entryId)?.signal.cut({ kind: "removed" });
  await releaseStaged(core, bytes);
};
