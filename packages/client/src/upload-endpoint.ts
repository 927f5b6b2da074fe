import { ConnectionError, LibraryError, ProtocolError } from "./errors.ts";
import { transferError } from "./refusal.ts";
import type { System } from "./system.ts";
import { exchange } from "./transport.ts";
import type { CommandReply } from "./transport.ts";

/** The header by which a request to an upload endpoint speaks tus, which servers of ours understand. */
export const TUS_HEADERS = { "tus-resumable": "1.0.0" } as const;

/** How long an answer of an endpoint may take, in milliseconds. */
const ENDPOINT_TIMEOUT_MS = 30_000;
/** The same where the server may have to read gigabytes first, to tell their digest. */
const DIGEST_TIMEOUT_MS = 15 * 60_000;

/** How far an upload is, as the server tells it. */
export interface UploadState {
  readonly offsetBytes: number;
  /** Undefined where nobody has declared it. */
  readonly lengthBytes: number | undefined;
  /** SHA-256 of the bytes that are there, in lower-case hexadecimal digits; only where it was asked for. */
  readonly digest: string | undefined;
}

/** A request to an upload endpoint, which is a secret. */
export interface EndpointRequest {
  readonly url: string;
  readonly system: System;
  readonly signal: AbortSignal;
}

/** Asks how many bytes are safe at the server, which takes the upload over: an older stream is cut. */
export async function askUploadState(
  request: EndpointRequest,
  wantsDigest: boolean,
): Promise<UploadState> {
  const wish = wantsDigest ? { "want-repr-digest": "sha-256=1" } : {};
  const timeoutMs = wantsDigest ? DIGEST_TIMEOUT_MS : ENDPOINT_TIMEOUT_MS;
  const { headers } = await ask(request, { method: "HEAD", headers: wish, timeoutMs });
  const offsetBytes = bytesIn(headers.get("upload-offset"));
  if (offsetBytes === undefined)
    throw new ProtocolError("The upload endpoint did not tell how many bytes are there.", {
      operation: "upload",
    });
  const lengthBytes = bytesIn(headers.get("upload-length"));
  return { offsetBytes, lengthBytes, digest: digestIn(headers.get("repr-digest")) };
}

/** Drops the bytes that are there, and the file waits as if none had come. */
export async function dropUpload(request: EndpointRequest): Promise<void> {
  await ask(request, { method: "DELETE", headers: {}, timeoutMs: ENDPOINT_TIMEOUT_MS });
}

async function ask(
  { url, system, signal }: EndpointRequest,
  asked: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
  },
): Promise<CommandReply> {
  const headers = { ...TUS_HEADERS, ...asked.headers };
  const reply = await exchange(system, { operation: "upload", ...asked, headers, url, signal });
  if (reply.status >= 200 && reply.status < 300) return reply;
  const body = reply.body === undefined ? "" : JSON.stringify(reply.body);
  throw transferError({ url, status: reply.status, body, requestId: reply.requestId }, "upload");
}

function bytesIn(value: string | null): number | undefined {
  if (value === null || !/^\d+$/.test(value)) return undefined;
  const bytes = Number(value);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function digestIn(value: string | null): string | undefined {
  const encoded = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(value ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  return bytes.length === DIGEST_BYTES ? hexOf(bytes) : undefined;
}

const DIGEST_BYTES = 32;

/** Bytes as lower-case hexadecimal digits. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Ids of the server's reasons that say more than their class. */
const SUPERSEDED = "contentlib.transfer.superseded";
const MOVED: ReadonlySet<string> = new Set([
  "contentlib.transfer.offset_mismatch",
  "contentlib.transfer.chunk_mismatch",
]);

/** What an error of a transfer means for the file: whether, and how, it can go on. */
export type TransferFate = "broke" | "gone" | "moved" | "refused" | "superseded";

/** Statuses that say of a transfer that it can fare better a moment later: gateways, and a server that saw no bytes for long. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 502, 503, 504]);

const GONE_STATUSES: ReadonlySet<number> = new Set([404, 410]);

/** What is to be made of an error while a file is on its way. */
export function fateOf(error: unknown): TransferFate {
  if (error instanceof ConnectionError)
    return error.untrustedOrigin === undefined ? "broke" : "refused";
  if (error instanceof ProtocolError) return "refused";
  if (!(error instanceof LibraryError)) return isTimeout(error) ? "broke" : "refused";
  if (error.code === SUPERSEDED) return "superseded";
  if (MOVED.has(error.code)) return "moved";
  if (PASSING_STATUSES.has(error.status) || error.class === "service_unavailable") return "broke";
  const isGone = error.class === "not_found" || error.class === "not_allowed_in_current_state";
  // The answer to HEAD has no body, and so no reason.
  return isGone || GONE_STATUSES.has(error.status) ? "gone" : "refused";
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && "kind" in error && error.kind === "timeout";
