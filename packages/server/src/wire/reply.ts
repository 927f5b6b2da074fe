import type { ServerResponse } from "node:http";

/** A whole reply, small enough to be in memory. Without `json` it is empty and has no content type (contract T9, G28, G29). */
export interface Reply {
  readonly status: number;
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The header that names the request on every reply. */
export const REQUEST_ID_HEADER = "x-request-id";

const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

/** The head of a reply: exactly `application/json` for a body, and a length for all but 204 and 304. */
export const headersOf = (reply: Reply): Record<string, string | number> => {
  const headers: Record<string, string | number> = { ...reply.headers };
  if (reply.json !== undefined) headers["Content-Type"] = "application/json";
  if (reply.status !== NO_CONTENT && reply.status !== NOT_MODIFIED) {
    headers["Content-Length"] = reply.json === undefined ? 0 : Buffer.byteLength(reply.json);
  }
  return headers;
};

/** Sends a whole reply and ends it. A connection that is gone takes it silently. */
export const sendReply = (response: ServerResponse, reply: Reply): void => {
  response.writeHead(reply.status, headersOf(reply));
  response.end(reply.json);
};
