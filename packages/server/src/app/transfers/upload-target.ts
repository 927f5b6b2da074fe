import { faultOf } from "@contentlib/contract/vocabulary";
import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import type { Received } from "../../domain/session-file/receive.ts";
import type { PushedFile, UpdateSession } from "../../domain/update-session.ts";
import { checkTakesBytes } from "../../domain/update-session/guard.ts";
import type { Rev, SessionRow } from "../../ports/index.ts";
import { UPDATE_SESSION_ROLE } from "../access/revocation.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { extendedBy } from "../update-session-file/change.ts";

/** What an upload works with. */
export type UploadCore = SessionCore &
  Pick<Core, "clock" | "ids" | "signer" | "exclusive" | "logins" | "access">;

/** The file an upload endpoint stands for, as it is now. */
export interface UploadTarget {
  readonly session: UpdateSession;
  readonly file: PushedFile;
  readonly rev: Rev;
}

const unknownEndpoint = (): Fault => new Fault(faultOf("transfer.unknown_endpoint"));

/** Whoever has an address alone learns no more of a session that is gone than of one that never was. */
const orUnknown = (error: unknown): never => {
  if (error instanceof Fault && error.code === "update_session.not_found") throw unknownEndpoint();
  throw error;
};

const targetIn = (row: SessionRow, entryId: EntryId): UploadTarget => {
  for (const { value, rev } of row.files) {
    if (value.source === "PUSH" && value.entryId === entryId)
      return { session: row.value, file: value, rev };
  }
  throw unknownEndpoint();
};

/**
 * The target of an endpoint's entry: none when the session is gone, its creator has lost the right to it, or the file was removed
 * or added again.
 */
export const findTarget = async (
  core: UploadCore,
  sessionId: UpdateSessionId,
  entryId: EntryId,
): Promise<UploadTarget> => {
  const row = await loadSession(core, sessionId).catch(orUnknown);
  const refused = checkTakesBytes(row.value);
  if (refused !== null) throw new Fault(refused);
  if (!(await core.access.stands(row.value, UPDATE_SESSION_ROLE))) throw unknownEndpoint();
  return targetIn(row, entryId);
};

/** The session and entry that an upload endpoint's secret segment stands for. */
export const subjectOf = (
  core: UploadCore,
  segment: string,
): { sessionId: UpdateSessionId; entryId: EntryId } => {
  const subject = core.signer.read(segment);
  if (subject === null || subject.direction !== "upload") throw unknownEndpoint();
  return subject;
};

/** Records what happened to a file's bytes, as `decide` has it on the file as it is then. */
export const recordReceipt = (
  core: UploadCore,
  sessionId: UpdateSessionId,
  entryId: EntryId,
  decide: (file: PushedFile) => Received,
): Promise<Received> =>
  commitDecision(core.catalog, async () => {
    const target = await findTarget(core, sessionId, entryId);
    const received = decide(target.file);
    if (received.file === target.file) return { changes: [], result: received };
    const put = {
      kind: "session-file.put",
      sessionId,
      file: received.file,
      rev: target.rev,
    } as const;
    return { changes: [put, extendedBy(core, sessionId)], result: received };
  });
