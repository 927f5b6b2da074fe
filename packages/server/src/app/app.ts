import type { OperationInput, ServerEvent } from "@contentlib/contract";
import type { Instant, Sha256 } from "../domain/ids.ts";
import type { ByteSink, ByteSource, CancelSignal, Pour } from "../ports/index.ts";
import type { Caller, Handlers, Origin } from "./call.ts";
import type { SentBytes } from "./transfers/receiving.ts";

export type { SentBytes } from "./transfers/receiving.ts";
import type { ByDirection } from "./live-transfers.ts";

/** What a login call presents. */
export type Credentials =
  | { readonly kind: "password"; readonly userName: string; readonly password: string }
  | { readonly kind: "token"; readonly token: string };

/** The API's description of a login (structure `Info` of the session services). */
export interface LoginInfo {
  readonly userName: string;
  readonly createdAt: Instant;
  readonly lastAccessedAt: Instant;
}

/** Logins. Failures are thrown as `Fault`: `login.refused` without saying why, `login.busy` when too many wait. */
export interface Logins {
  /** The new login's id, 32 hexadecimal digits. Guessing is slowed down by the address it comes from. */
  create(credentials: Credentials, origin: Origin): Promise<string>;
  /** Whom the credentials prove, for this one call: as in `create`, but no login is made. */
  prove(credentials: Credentials, origin: Origin): Promise<Caller>;
  /**
   * The caller behind a live login id, and null for any other text. Counts as use of the login. `connection` stands for what the
   * id came over, where the same one comes again and again.
   */
  authenticate(loginId: string, connection?: object): Caller | null | Promise<Caller | null>;
  get(caller: Caller): Promise<LoginInfo>;
  /** Ends the login of the caller. */
  delete(caller: Caller, origin: Origin): Promise<void>;
}

/** How far a file is. */
export interface UploadProgress {
  /** How many of the first bytes are here and safe. */
  readonly offsetBytes: number;
  /** Whether the file is whole and was found to be what was declared. */
  readonly isComplete: boolean;
}

/** What an upload endpoint has. */
export interface UploadState extends UploadProgress {
  readonly fileName: string;
  /** Of the whole, declared or told with earlier bytes; null where nobody said it. */
  readonly lengthBytes: number | null;
  /** When the session ends unless something happens. */
  readonly expiresAt: Instant;
}

/** An upload that was let in: whoever held the same file before has been cut. */
export interface UploadSlot {
  readonly fileName: string;
  /** Takes the whole body. Resolves once the bytes are safe and recorded, and verified where they are the end; rejects with a `Fault`. */
  receive(source: ByteSource, signal: CancelSignal): Promise<UploadProgress>;
  /** Gives the slot back without having received. */
  close(): void;
}

/** A file that may be read. */
export interface DownloadSlot {
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly digest: Sha256;
  /** Aborts when the session ends: the stream must be broken off then. */
  readonly ended: CancelSignal;
  /** Pours part of the file; bytes count as activity of session and login, and as delivery. */
  read(range: { readonly start: number; readonly endExclusive: number }, sink: ByteSink): Pour;
  close(): void;
}

/** Byte endpoints. `segment` is the secret part of the URL. Refusals are thrown as `Fault`. */
export interface Transfers {
  /** `contentLengthBytes` is the request's Content-Length, null when it has none. A length that differs from the declared size is refused here, before any byte. */
  openUpload(
    segment: string,
    contentLengthBytes: number | null,
    origin: Origin,
  ): Promise<UploadSlot>;
  /** Lets bytes in behind those that are here, or refuses them before the first. */
  openAppend(segment: string, sent: SentBytes, origin: Origin): Promise<UploadSlot>;
  /** What the endpoint has, for one who goes on from there: older writers are cut and write nothing any more. */
  resumeUpload(segment: string, origin: Origin): Promise<UploadState>;
  /** Drops what has come: the file waits for all of its bytes again. */
  dropUpload(segment: string, origin: Origin): Promise<void>;
  /** What the endpoint has, for one who only looks. */
  checkUpload(segment: string): Promise<UploadState>;
  /** SHA-256 of the bytes that are here; null where there are none. */
  digestOfPrefix(
    segment: string,
    signal: CancelSignal,
  ): Promise<{ readonly digest: Sha256; readonly sizeBytes: number } | null>;
  openDownload(segment: string): Promise<DownloadSlot>;
}

/** Something that is told to one who listens. */
export interface ToldEvent {
  /** Names the place behind it, for one who comes back; null where the place has not changed. */
  readonly id: string | null;
  /** Null where there is nothing to tell but the place. */
  readonly event: ServerEvent | null;
}

/** One who wants to hear what happens. */
export interface Follower {
  readonly caller: Caller;
  /** Where the request for the stream comes from. */
  readonly origin?: Origin;
  /** Where a former stream of the follower ended; null to begin with the present state. */
  readonly lastEventId: string | null;
}

/** What happens in what a follower chose, from its place on. */
export interface EventStream {
  /** Resolves with what comes next, and with null when the stream is over. One at a time. */
  next(): Promise<readonly ToldEvent[] | null>;
  /** Gives the place among the listeners back. Closing twice is harmless. */
  close(): void;
}

/** Streams of events. Refusals are thrown as `Fault`. */
export interface Events {
  /** Null when the follower has heard all there is of a session that is over. */
  open(input: OperationInput<"event.stream">, follower: Follower): Promise<EventStream | null>;
}

/** Periodic duties, each safe to run at any time and twice. `work` decides when. */
export interface Duties {
  /** Ends sessions whose time is up, and those whose transfers outlive the token they were made with. */
  expireSessions(): Promise<void>;
  /** Stores the activity that bytes and calls have made since the last time, and that the server is alive. */
  recordActivity(): Promise<void>;
  /** Writes to the audit trail what was refused since the last time. */
  recordRefusals(): Promise<void>;
  /** Removes ended sessions, dead logins, old client tokens and old rows of the audit trail past their retention. */
  purge(): Promise<void>;
  /** Removes staged bytes that no live transfer and no ACTIVE session owns. */
  sweepStaging(): Promise<void>;
  /** Deletes blobs that nothing references. */
  collectBlobs(): Promise<void>;
}

/** What goes on at a moment, as figures. */
export interface Activity {
  readonly transfers: ByDirection;
  /** Bytes that transfers have moved since the start; never falls. */
  readonly movedBytes: ByDirection;
  readonly eventStreams: number;
  readonly eventsWaiting: number;
}

/** For those who watch how the server does. */
export interface Watching {
  activity(): Activity;
  /** Throws the fault of one who may not see the figures of the whole server: that takes the role viewer on everything. */
  expectWatcher(caller: Caller, origin: Origin): Promise<void>;
}

/** The whole application behind the wires. */
export interface App {
  readonly handlers: Handlers;
  readonly logins: Logins;
  readonly transfers: Transfers;
  readonly events: Events;
  readonly duties: Duties;
  readonly watching: Watching;
  /** Puts sessions, staging and dooms in order after a start. Must end before the first request. */
  recover(): Promise<void>;
  /** Ends streams of events, cuts running transfers and waits for their ends to be recorded. */
  drain(): Promise<void>;
}
