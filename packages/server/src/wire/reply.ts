import type { ServerResponse } from "node:http";

/** Bytes and what they are. */
export interface ReplyContent {
  /** A media type. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The text of a JSON reply that is too long to be held as a whole. */
export interface ReplyPieces {
  /** The next piece; null when there is none. Rejects when it can not be made. */
  next(): Promise<string | null>;
  /** Gives back what the pieces are made of, whether or not all were asked for. Closing twice is harmless. */
  close(): Promise<void>;
}

/**
 * A reply, small enough to be in memory unless it has `pieces`. Without `json`, `content` and `pieces`, of which it has one at
 * most, it is empty and has no content type (contract T9, G28, G29).
 */
export interface Reply {
  readonly status: number;
  readonly json?: string;
  /** Of pages, and of JSON that is there as bytes. */
  readonly content?: ReplyContent;
  readonly pieces?: ReplyPieces;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The header that names the request on every reply. */
export const REQUEST_ID_HEADER = "x-request-id";

const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

const lengthOf = ({ json, content }: Reply): number => {
  if (content !== undefined) return content.bytes.byteLength;
  return json === undefined ? 0 : Buffer.byteLength(json);
};

/** The head of a reply: exactly `application/json` for JSON, and a length for all but 204, 304 and what comes in pieces. */
export const headersOf = (reply: Reply): Record<string, string | number> => {
  const headers: Record<string, string | number> = { ...reply.headers };
  if (reply.json !== undefined || reply.pieces !== undefined)
    headers["Content-Type"] = "application/json";
  if (reply.content !== undefined) headers["Content-Type"] = reply.content.type;
  const hasLength = reply.pieces === undefined;
  if (hasLength && reply.status !== NO_CONTENT && reply.status !== NOT_MODIFIED)
    headers["Content-Length"] = lengthOf(reply);
  return headers;
};

/** Sends a whole reply and ends it. A connection that is gone takes it silently. */
export const sendReply = (response: ServerResponse, reply: Reply): void => {
  response.writeHead(reply.status, headersOf(reply));
  response.end(reply.json ?? reply.content?.bytes);
};
