import type { IncomingMessage } from "node:http";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { SentBytes, UploadProgress, UploadState } from "../../app/app.ts";
import type { Instant } from "../../domain/ids.ts";
import { contentLengthOf, headerOf } from "../request-head.ts";
import { Refusal } from "../refusal.ts";
import type { Reply } from "../reply.ts";

/** How an error is told in a dialect, beside what is told of it on every byte endpoint. */
export interface DialectError {
  /** Where the usual one would mislead clients of the dialect. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes the place of our own body. */
  readonly problem?: Readonly<Record<string, unknown>>;
}

/** What an append did, and when the upload is over unless something happens; null where that is not told any more. */
export interface Appended extends UploadProgress {
  readonly expiresAt: Instant | null;
}

/** One way of sending a file in several requests to one address. */
export interface UploadDialect {
  /** What the request wants done; null for a method that the dialect does not have. */
  actionOf(request: IncomingMessage): "state" | "append" | "drop" | "options" | null;
  /** What is said of the bytes that come. Throws a `Refusal`. */
  readAppend(request: IncomingMessage): SentBytes;
  state(state: UploadState, now: Instant): Reply;
  appended(appended: Appended): Reply;
  dropped(): Reply;
  /** `offsetBytes` is what the endpoint has now; null where it has none, or a newer writer is at it. */
  errorOf(fault: FaultValue, offsetBytes: number | null): DialectError;
  /** Headers that every reply of the dialect has. */
  readonly headers: Readonly<Record<string, string>>;
}

const BAD_REQUEST = 400;
const UNSUPPORTED_MEDIA_TYPE = 415;
const DIGITS = /^\d{1,15}$/;

/** Old proxies and browsers know no PATCH and DELETE: the real method stands in a header then. */
export const methodOf = (request: IncomingMessage): string =>
  headerOf(request, "x-http-method-override")?.toUpperCase() ?? request.method ?? "";

/** The refusal of a request that does not follow its protocol. */
export const refuseProtocol = (
  why: string,
  status: number = BAD_REQUEST,
  headers: Readonly<Record<string, string>> = {},
): Refusal => new Refusal(faultOf("transfer.protocol_refused", why), status, headers);

/** A header that counts bytes; null when it is absent. Anything but a whole number is refused. */
export const byteCountOf = (request: IncomingMessage, name: string): number | null => {
  const text = headerOf(request, name.toLowerCase());
  if (text === null) return null;
  if (!DIGITS.test(text)) throw refuseProtocol(`${name} is no number of bytes`);
  return Number(text);
};

/** As `byteCountOf`, for a header that must be there. */
export const neededByteCountOf = (request: IncomingMessage, name: string): number => {
  const count = byteCountOf(request, name);
  if (count === null) throw refuseProtocol(`it has no ${name}`);
  return count;
};

/** How many bytes come with the request; null where that shows only at their end. */
export const bodyBytesOf = (request: IncomingMessage): number | null =>
  request.headers["transfer-encoding"] === undefined ? (contentLengthOf(request) ?? 0) : null;

/** Refuses bytes of another type, and those that would have to be unpacked. */
export const expectMediaType = (request: IncomingMessage, type: string): void => {
  const given = headerOf(request, "content-type");
  if ((given ?? "").split(";", 1)[0]?.trim().toLowerCase() !== type)
    throw refuseProtocol(`its content type must be ${type}`, UNSUPPORTED_MEDIA_TYPE);
  const encoding = headerOf(request, "content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity")
    throw refuseProtocol(`its Content-Encoding ${encoding} is not undone`, UNSUPPORTED_MEDIA_TYPE);
};

/**
 * Faults that have another status in both protocols than on plain uploads. Their clients try again after 409, and most of them
 * after nothing else below 500: two machines would cut each other for ever, and nobody would learn that a session is over.
 */
export const PROTOCOL_STATUSES: Readonly<Record<string, number>> = {
  "transfer.superseded": 412,
  "transfer.session_ended": 410,
  // The way to go on is to ask for the offset, which clients do after errors of the server only.
  "transfer.interrupted": 503,
};

/** Whole seconds from now until then, and none where that has passed. */
export const secondsUntil = (at: Instant, now: Instant): number =>
  Math.max(0, Math.floor((at - now) / 1000));
