import { faultOf } from "@contentlib/contract/vocabulary";
import type { PartialUpload, UploadEntry } from "../../domain/partial-upload.ts";
import type { Received } from "../../domain/session-file/receive.ts";
import type { SessionOwner } from "../../domain/session-owner.ts";
import type { PushedFile, UpdateSession } from "../../domain/update-session.ts";
import { checkTakesBytes } from "../../domain/update-session/guard.ts";
import type { Change, Deed, Rev } from "../../ports/index.ts";
import { uploadDeed } from "../audit/deeds.ts";
import type { Origin } from "../call.ts";
import { UPDATE_SESSION_ROLE } from "../access/revocation.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSessionHead } from "../update-session/access.ts";
import { extendedBy } from "../update-session-file/change.ts";

/** What an upload works with. */
export type UploadCore = SessionCore &
  Pick<Core, "clock" | "ids" | "signer" | "exclusive" | "logins" | "access" | "deeds">;

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

/**
 * The target of an endpoint's entry: none when the session is gone, its creator has lost the right to it, or the file was removed
 * or added again.
 */
export const findTarget = async (core: UploadCore, entry: UploadEntry): Promise<UploadTarget> => {
  const head = await loadSessionHead(core, entry.sessionId).catch(orUnknown);
  const refused = checkTakesBytes(head.value);
  if (refused !== null) throw new Fault(refused);
  if (!(await core.access.stands(head.value, UPDATE_SESSION_ROLE))) throw unknownEndpoint();
  const row = await core.catalog.findSessionFile(entry);
  if (row === null || row.value.source !== "PUSH") throw unknownEndpoint();
  return { session: head.value, file: row.value, rev: row.rev };
};

/** The entry that an upload endpoint's secret segment stands for. */
export const entryOf = (core: UploadCore, segment: string): UploadEntry => {
  const subject = core.signer.read(segment);
  if (subject === null || subject.direction !== "upload") throw unknownEndpoint();
  return subject;
};

/** Writes a partial down; a fault says that a newer writer has come, or that the file takes no bytes any more. */
export const commitPartial = async (
  core: Pick<Core, "catalog">,
  fileName: string,
  partial: PartialUpload,
): Promise<void> => {
  const outcome = await core.catalog.commit([{ kind: "partial.put", partial }]);
  if (outcome.kind === "committed") return;
  throw outcome.reason === "fenced"
    ? new Fault(faultOf("transfer.superseded", fileName))
    : unknownEndpoint();
};

/** The writer who records something about a file. */
export interface Recording {
  readonly entry: UploadEntry;
  /** Nobody with a greater number may have come. */
  readonly fence: number;
}

/** Records what happened to a file's bytes, as `decide` has it on the file as it is then; of a writer who was not superseded. (S78) */
export const recordReceipt = (
  core: UploadCore,
  { entry, fence }: Recording,
  decide: (file: PushedFile) => Received,
): Promise<Received> =>
  commitDecision(core.catalog, async () => {
    const target = await findTarget(core, entry);
    const received = decide(target.file);
    const refusals = { fenced: faultOf("transfer.superseded", target.file.name) };
    if (received.file === target.file) return { changes: [], result: received };
    const { sessionId } = entry;
    const changes: readonly Change[] = [
      { kind: "partial.expect", entry, fence },
      { kind: "session-file.put", sessionId, file: received.file, rev: target.rev },
      extendedBy(core, sessionId),
    ];
    return { changes, result: received, refusals };
  });

const ownerOfSession = ({ ownerId, ownerName, tokenId }: UpdateSession): SessionOwner => ({
  id: ownerId,
  name: ownerName,
  ...(tokenId === undefined ? {} : { tokenId }),
});

/** Whose deed the bytes of a request are: of whoever made the session. */
export const deedOf = ({ session }: UploadTarget, origin: Origin): Deed =>
  uploadDeed(ownerOfSession(session), origin);
