import type { Message } from "@contentlib/contract/vocabulary";
import {
  AbortedError,
  ClientError,
  ConnectionError,
  DigestMismatchError,
  LibraryError,
  TimeoutError,
  WarningsError,
  fileNameOf,
  noteFileName,
  textOf,
} from "./errors.ts";
import type { PreviewWarning } from "./errors.ts";
import { isInterruption } from "./open-session.ts";

/** What a push failed for. */
export type PushErrorCode =
  /** Your signal, or `abort`, gave it up. */
  | "aborted"
  /** More than one library, or item, has the name. */
  | "ambiguous"
  /** Somebody else has an update session on the item. */
  | "busy"
  /** The server can not be reached, or the connection broke more often than was tried. */
  | "connection"
  /** The server holds other bytes than were read here, or than were declared. */
  | "digest_mismatch"
  /** What was given can not be sent: no file, two of one name, or a name or a message that is against the rules. Nothing was sent. */
  | "invalid"
  /** There is no such library, or no such item any more. */
  | "not_found"
  /** The answer is none that this API gives. */
  | "protocol"
  /** The server refused: `detail` says why. */
  | "refused"
  /** The update session has ended: it expired, or somebody ended it. */
  | "session_ended"
  /** A file could not be read, or changed while it was sent. */
  | "source"
  /** A newer writer sends the same file. It is never tried again: two machines would cut each other for ever. */
  | "superseded"
  /** The server did not answer in time. */
  | "timeout"
  /** The login was refused, or may not do this. */
  | "unauthorized"
  /** The certificate of the server is not trusted; nothing was sent. */
  | "untrusted"
  /** Signed content raises warnings that `accept` does not name: `warnings` has them. */
  | "warnings";

/** Where a push was when it failed, as far as it had come. */
export interface PushPlace {
  /** Id of the item. */
  readonly itemId?: string | undefined;
  /** Id of the update session. */
  readonly sessionId?: string | undefined;
}

/** What a push error comes from. */
export interface PushErrorOrigin extends PushPlace {
  /** The error that it stands for. */
  readonly cause?: unknown;
  /** Name of the file that it is about. */
  readonly fileName?: string | undefined;
}

/** The one error of `push`: switch on `code`. Its `cause` is the error that it stands for. */
export class PushError extends ClientError {
  /** Always `push`. */
  readonly kind = "push";
  /** What the push failed for. */
  readonly code: PushErrorCode;
  /** The server's own words, where it refused. */
  readonly detail: readonly Message[];
  /** What `accept` would have to name, where the push ended for that. */
  readonly warnings: readonly PreviewWarning[];
  /** Whether the same push, begun again, can do better; a server of ours then goes on with what came. */
  readonly canGoOn: boolean;
  /** Id of the item, where it was known by then. */
  readonly itemId: string | undefined;
  /** Id of the update session, where one was open. */
  readonly sessionId: string | undefined;

  constructor(code: PushErrorCode, message: string, origin: PushErrorOrigin = {}) {
    const { cause, fileName, itemId, sessionId } = origin;
    const from = cause instanceof ClientError ? cause : undefined;
    super(message, { operation: "push", requestId: from?.requestId, cause });
    if (fileName !== undefined) noteFileName(this, fileName);
    this.itemId = itemId;
    this.sessionId = sessionId;
    this.code = code;
    this.detail = cause instanceof LibraryError ? cause.messages : [];
    this.warnings = cause instanceof WarningsError ? cause.warnings : [];
    this.canGoOn = isInterruption(cause) || code === "session_ended";
  }
}

/** The push error that another error stands for; it names the file that it is about. */
export function pushErrorOf(error: unknown, place: PushPlace = {}): PushError {
  if (error instanceof PushError) return error;
  const fileName = fileNameOf(error);
  const origin = { ...place, cause: error, fileName };
  return new PushError(codeOf(error), textAbout(fileName, textOf(error)), origin);
}

const textAbout = (fileName: string | undefined, text: string): string =>
  fileName === undefined || text.includes(fileName) ? text : `${fileName}: ${text}`;

function codeOf(error: unknown): PushErrorCode {
  if (error instanceof WarningsError) return "warnings";
  if (error instanceof LibraryError) return codeOfRefusal(error);
  if (error instanceof DigestMismatchError) return "digest_mismatch";
  if (error instanceof AbortedError) return "aborted";
  if (error instanceof TimeoutError) return "timeout";
  if (error instanceof ConnectionError)
    return error.untrustedOrigin === undefined ? "connection" : "untrusted";
  return error instanceof ClientError ? "protocol" : "source";
}

/** Ids of the server's reasons that have a code of their own. */
const CODES: Readonly<Record<string, PushErrorCode>> = {
  "contentlib.preview_warnings": "warnings",
  "contentlib.transfer.superseded": "superseded",
  "contentlib.transfer.checksum_mismatch": "digest_mismatch",
  "contentlib.transfer.size_mismatch": "digest_mismatch",
  "contentlib.transfer.session_ended": "session_ended",
  "contentlib.update_session.expired": "session_ended",
  "contentlib.update_session.not_found": "session_ended",
  "contentlib.update_session.invalid_state": "session_ended",
};

function codeOfRefusal({ code, class: faultClass }: LibraryError): PushErrorCode {
  const known = CODES[code];
  if (known !== undefined) return known;
  switch (faultClass) {
    case "resource_busy":
      return "busy";
    case "not_found":
      return "not_found";
    case "unauthenticated":
    case "unauthorized":
      return "unauthorized";
    case "service_unavailable":
      return "connection";
    default:
      return "refused";
  }
}
