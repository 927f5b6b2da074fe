import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Checksum } from "../checksum.ts";
import type { DownloadFile, DownloadSession } from "../download-session.ts";
import type { ActiveDownloadSession } from "./create.ts";
import { requireActiveDownload } from "./lifecycle.ts";

/** A file of a download session with its position, which names its endpoint. */
export interface IndexedDownloadFile {
  readonly index: number;
  readonly file: DownloadFile;
}

/** The file of that name; an unknown name is InvalidArgument, not NotFound (contract D12). */
export const getDownloadFile = (
  session: DownloadSession,
  name: string,
): IndexedDownloadFile | FaultValue => {
  const index = session.files.findIndex((each) => each.file.name === name);
  const file = session.files[index];
  return file === undefined
    ? faultOf("download_session.no_such_file", session.id, name)
    : { index, file };
};

const withFile = (
  session: ActiveDownloadSession,
  index: number,
  file: DownloadFile,
): ActiveDownloadSession => ({
  ...session,
  files: session.files.with(index, file),
});

/**
 * Prepares one file for download: at once, because its bytes are here (contract D6, D7, D10). Preparing again changes nothing
 * and gives the very same session back. DIRECT is InvalidArgument: the default place has no address of its own (contract I20).
 */
export const prepareFile = (
  session: DownloadSession,
  input: { readonly fileName: string; readonly endpointType?: "HTTPS" | "DIRECT" },
): { readonly session: ActiveDownloadSession; readonly index: number } | FaultValue => {
  const active = requireActiveDownload(session, "prepare");
  if (isFault(active)) return active;
  const found = getDownloadFile(active, input.fileName);
  if (isFault(found)) return found;
  if (input.endpointType === "DIRECT")
    return faultOf("download_session.no_direct_endpoint", input.fileName);
  const { index, file } = found;
  return {
    session: file.prepared ? active : withFile(active, index, { ...file, prepared: true }),
    index,
  };
};

/** The session after its client has read a whole file, which makes the checksum show (contract D11); the same if it shows. */
export const markDelivered = (session: DownloadSession, index: number): DownloadSession => {
  const file = session.files[index];
  if (session.state !== "ACTIVE" || file === undefined || file.delivered) return session;
  return withFile(session, index, { ...file, delivered: true });
};

/** A file of a download session as clients see it, without its endpoint. */
export interface DownloadFileView {
  readonly name: string;
  readonly status: "UNPREPARED" | "PREPARED";
  readonly sizeBytes: number;
  readonly bytesTransferred: number;
  /** Only after the whole file was read. */
  readonly checksum?: Checksum;
}

/**
 * One file as clients see it (contract D5, D11). `sentBytes` is what transfers have sent, null where none has: all of it sent is a
 * whole file read, since a client has the last byte before that can be recorded.
 */
export const viewDownloadFile = (
  file: DownloadFile,
  sentBytes: number | null,
): DownloadFileView => {
  const { name, sizeBytes, checksum } = file.file;
  const isRead = file.delivered || (sentBytes !== null && sentBytes >= sizeBytes);
  return {
    name,
    status: file.prepared ? "PREPARED" : "UNPREPARED",
    sizeBytes,
    bytesTransferred: isRead ? sizeBytes : (sentBytes ?? 0),
    ...(isRead ? { checksum } : {}),
  };
};
