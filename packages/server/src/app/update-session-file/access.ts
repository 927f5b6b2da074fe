import type { OperationOutput, TransferEndpoint } from "@contentlib/contract";
import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import type { UploadEntry } from "../../domain/partial-upload.ts";
import type { IsArchive, ListedFile } from "../../domain/session-file/listed.ts";
import type {
  EntryProgress,
  FindProgress,
  SessionFileView,
} from "../../domain/session-file/view.ts";
import { viewMember, viewSessionFile } from "../../domain/session-file/view.ts";
import type { SessionPackage } from "../../domain/package.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { Core } from "../core.ts";
import type { LiveTransfers } from "../live-transfers.ts";
import { presentChecksum, presentMessage } from "../present.ts";
import type { EndpointReach } from "../transfers/endpoint.ts";
import { presentEndpoint } from "../transfers/endpoint.ts";
import { presentSource } from "./source-endpoint.ts";

type FileInfo = OperationOutput<"updateSessionFile.get">;

/** A transfer under way for an entry, as the domain wants to know it; null for one that has not begun. */
export const liveProgress = (
  live: LiveTransfers,
  sessionId: UpdateSessionId,
  entryId: EntryId,
): EntryProgress | null => {
  const transfer = live.upload(sessionId, entryId);
  if (transfer === null || !transfer.hasBegun) return null;
  return {
    phase: transfer.phase === "validating" ? "VALIDATING" : "TRANSFERRING",
    receivedBytes: transfer.bytes,
  };
};

/** What has come of the entries of a session: under way now, or kept from transfers that broke off. */
export const progressIn = async (
  core: Pick<Core, "catalog" | "live">,
  sessionId: UpdateSessionId,
): Promise<FindProgress> => {
  const partials = await core.catalog.listPartials(sessionId);
  const kept = new Map(partials.map(({ entryId, durableBytes }) => [entryId, durableBytes]));
  return (entryId) => liveOrKept(core.live, { sessionId, entryId }, kept.get(entryId));
};

/** The same for the entry of one file, at the same cost however many files the session has. */
export const progressOf = async (
  core: Pick<Core, "catalog" | "live">,
  sessionId: UpdateSessionId,
  file: SessionFile,
): Promise<FindProgress> => {
  if (file.source === "NONE") return () => null;
  const partial = await core.catalog.findPartial({ sessionId, entryId: file.entryId });
  return (entryId) => liveOrKept(core.live, { sessionId, entryId }, partial?.durableBytes);
};

const liveOrKept = (
  live: LiveTransfers,
  { sessionId, entryId }: UploadEntry,
  keptBytes: number | undefined,
): EntryProgress | null => {
  const progress = liveProgress(live, sessionId, entryId);
  if (progress !== null || keptBytes === undefined) return progress;
  return { phase: "WAITING_FOR_TRANSFER", receivedBytes: keptBytes };
};

/** Files of a session, and what has come of the session's entries. */
export interface ShownIn {
  /** What is known of the package that the files belong to, where they do. */
  readonly packaged: SessionPackage | undefined;
  readonly find: FindProgress;
  readonly endpoints: UploadEndpoints;
}

/** Endpoints of entries of a session as a caller reaches them. An archive with thousands of members has one, which is signed once. */
export class UploadEndpoints {
  readonly #core: Pick<Core, "signer">;
  readonly #sessionId: UpdateSessionId;
  readonly #call: EndpointReach;
  readonly #made = new Map<EntryId, TransferEndpoint>();

  constructor(core: Pick<Core, "signer">, sessionId: UpdateSessionId, call: EndpointReach) {
    this.#core = core;
    this.#sessionId = sessionId;
    this.#call = call;
  }

  of(entryId: EntryId, fileName: string): TransferEndpoint {
    const known = this.#made.get(entryId);
    if (known !== undefined) return known;
    const subject = { direction: "upload", sessionId: this.#sessionId, entryId } as const;
    const made = presentEndpoint(subject, fileName, { core: this.#core, call: this.#call });
    this.#made.set(entryId, made);
    return made;
  }
}

type Types = Pick<Core, "itemTypes">;

/** Whether files of that name are archives whose members are meant, in such a session. */
export const archivesIn =
  ({ itemTypes }: Types, packaged: SessionPackage | undefined): IsArchive =>
  (name) =>
    packaged !== undefined && itemTypes.of(packaged.type).isArchive(name);

/** Whether the file stays with the item; what proves something of others is only checked, and of an archive its members stay. (S94, S122) */
const isKept = (core: Types, listed: ListedFile, packaged: SessionPackage | undefined): boolean => {
  const isLeft = listed.kind === "entry" && listed.file.source === "NONE";
  if (packaged === undefined || isLeft) return true;
  const itemType = core.itemTypes.of(packaged.type);
  if (listed.kind === "member") return itemType.isKept(listed.member.name);
  const { name } = listed.file;
  return itemType.isKept(name) && !itemType.isArchive(name);
};

const viewOf = (listed: ListedFile, find: FindProgress): SessionFileView => {
  if (listed.kind === "member") return viewMember(listed.member, listed.archive);
  const { file } = listed;
  return viewSessionFile(file, file.source === "NONE" ? null : find(file.entryId));
};

/** One file as the API shows it; the endpoint of a pushed file is the same at every look. */
export const presentListedFile = (
  core: Types,
  listed: ListedFile,
  { packaged, find, endpoints }: ShownIn,
): FileInfo => {
  const view = viewOf(listed, find);
  return {
    name: view.name,
    source_type: view.source,
    bytes_transferred: view.bytesTransferred,
    status: view.status,
    ...(isKept(core, listed, packaged) ? {} : { keep_in_storage: false }),
    ...(view.sizeBytes === undefined ? {} : { size: view.sizeBytes }),
    ...(view.checksum === undefined ? {} : { checksum_info: presentChecksum(view.checksum) }),
    ...(view.errorMessage === undefined
      ? {}
      : { error_message: presentMessage(view.errorMessage) }),
    ...(view.from === undefined ? {} : { source_endpoint: presentSource(view.from) }),
    ...(view.entryId === undefined
      ? {}
      : {
          upload_endpoint: endpoints.of(
            view.entryId,
            listed.kind === "member" ? listed.archive.name : view.name,
          ),
        }),
  };
};
