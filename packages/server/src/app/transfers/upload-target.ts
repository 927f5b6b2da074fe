import { faultOf } from "@contentlib/contract/vocabulary";
import type { PartialUpload, UploadEntry } from "../../domain/partial-upload.ts";
import type { ChecksumAlgorithm } from "../../domain/checksum.ts";
import type { Received } from "../../domain/session-file/receive.ts";
import { judge } from "../../domain/session-file/receive.ts";
import type { SessionOwner } from "../../domain/session-owner.ts";
import type { BroughtFile, UpdateSession } from "../../domain/update-session.ts";
import { checkTakesBytes, checkTakesPushed } from "../../domain/update-session/guard.ts";
import type { CancelSignal, Change, Deed, Rev, StagedBlob } from "../../ports/index.ts";
import { uploadDeed } from "../audit/deeds.ts";
import type { Origin } from "../call.ts";
import { UPDATE_SESSION_ROLE } from "../access/revocation.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { CutSignal } from "../live-transfers.ts";
import { whileFilesGo } from "../packages/foresight.ts";
import type { PackageCore, SettledSet } from "../packages/settle-package.ts";
import { settlePackage, withFile } from "../packages/settle-package.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSessionHead } from "../update-session/access.ts";
import { extendedBy } from "../update-session-file/change.ts";

/** What an upload works with. */
export type UploadCore = SessionCore &
  PackageCore &
  Pick<Core, "clock" | "ids" | "signer" | "exclusive" | "logins" | "access" | "deeds">;

/** The file an upload endpoint stands for, as it is now. */
export interface UploadTarget {
  readonly session: UpdateSession;
  readonly file: BroughtFile;
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
  if (row === null || row.value.source === "NONE") throw unknownEndpoint();
  const closed = row.value.source === "PUSH" ? checkTakesPushed(head.value) : null;
  if (closed !== null) throw new Fault(closed);
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

/** The writer of a file of which something is to be found out. */
interface Foreseeing {
  readonly entry: UploadEntry;
  /** Aborts when nobody waits for it any more; absent where others wait, so that nothing may take long. */
  readonly signal?: CancelSignal;
}

const ALONE: SettledSet = { changes: [], own: null, release: [] };

/** What the others of its package say of a file, and it of them. */
const settleWithOthers = async (
  core: UploadCore,
  { entry, signal }: Foreseeing,
  { session, received }: { readonly session: UpdateSession; readonly received: Received },
): Promise<SettledSet> => {
  if (session.package === undefined) return ALONE;
  const row = await core.catalog.findSession(entry.sessionId);
  if (row === null) throw unknownEndpoint();
  const { file } = received;
  const files = withFile(
    row.files.map(({ value }) => value),
    file,
  );
  const newest = file.receipt.status === "READY" ? file.name : null;
  return await settlePackage(core, { row, files, newest, signal: signal ?? null });
};

/** What a file comes to by itself and among the others, and what is to be written for it. */
const settleReceipt = async (
  core: UploadCore,
  recording: Foreseeing,
  decide: (file: BroughtFile) => Received,
): Promise<{
  readonly target: UploadTarget;
  readonly received: Received;
  readonly changes: readonly Change[];
}> => {
  const target = await findTarget(core, recording.entry);
  const decided = decide(target.file);
  if (decided.file === target.file) return { target, received: decided, changes: [] };
  const { session } = target;
  const settled = await settleWithOthers(core, recording, { session, received: decided });
  const own = settled.own ?? decided;
  const release = [...new Set([...decided.release, ...own.release, ...settled.release])];
  return { target, received: { ...own, release }, changes: settled.changes };
};

/** Whether a verdict may take long: what tells of others is read, and digests that nobody wanted when the file began are made. */
const takesLong = async (
  core: UploadCore,
  { entry }: Foreseeing,
  { name, blob }: { readonly name: string; readonly blob: StagedBlob },
): Promise<boolean> => {
  const known = (await loadSessionHead(core, entry.sessionId)).value.package;
  if (known === undefined) return false;
  const made = new Set<ChecksumAlgorithm>(["SHA256"]);
  for (const { algorithm } of blob.checksums) made.add(algorithm);
  const isMade = known.algorithms.every((algorithm) => made.has(algorithm));
  const itemType = core.itemTypes.of(known.type);
  return !isMade || itemType.tellsOfOthers(name) || itemType.isArchive(name);
};

/**
 * Does what takes long of a verdict before anybody has to wait for it: what is read and hashed is remembered. A fault is found
 * again by whoever records, and dealt with there.
 */
export const foreseeReceipt = async (
  core: UploadCore,
  { entry, signal }: Required<Foreseeing>,
  { file, blob }: { readonly file: BroughtFile; readonly blob: StagedBlob },
): Promise<void> => {
  try {
    await whileFilesGo(signal, async () => {
      if (!(await takesLong(core, { entry }, { name: file.name, blob }))) return;
      await settleReceipt(core, { entry, signal }, (present) => judge(present, blob));
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
};

/**
 * Records what happened to a file's bytes, as `decide` has it on the file as it is then; of a writer who was not superseded. Others
 * wait meanwhile: what would take long is `Unforeseen`. (S78)
 */
export const recordReceipt = (
  core: UploadCore,
  recording: Recording,
  decide: (file: BroughtFile) => Received,
): Promise<Received> =>
  commitDecision(core.catalog, async () => {
    const { entry, fence } = recording;
    const settled = await whileFilesGo(new CutSignal(), () =>
      settleReceipt(core, { entry }, decide),
    );
    const { target, received, changes: others } = settled;
    const refusals = { fenced: faultOf("transfer.superseded", target.file.name) };
    if (received.file === target.file) return { changes: [], result: received };
    const { sessionId } = entry;
    const changes: readonly Change[] = [
      { kind: "partial.expect", entry, fence },
      ...others,
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
