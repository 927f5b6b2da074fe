import type { IncomingMessage } from "node:http";

/** A request's address as it came, before anything is decoded. */
export interface RequestAddress {
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/** Splits a request target; a proxy's absolute form counts as its path. */
export const addressOf = (url: string): RequestAddress => {
  const target = url.startsWith("/") ? url : url.replace(ABSOLUTE_FORM, "");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  return { path: path === "" ? "/" : path, query: mark < 0 ? "" : target.slice(mark + 1) };
};

/** A header's only value; null when it is absent or empty. Node joins repeated ones with commas, which then fit nothing. */
export const headerOf = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  if (value === undefined) return null;
  const text = (typeof value === "string" ? value : value.join(", ")).trim();
  return text === "" ? null : text;
};

/** The media type without its parameters, in lower case; empty when there is none. */
export const mediaTypeOf = (request: IncomingMessage): string =>
  (headerOf(request, "content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";

/** The declared length of the body in bytes, null when it has none. Node has refused malformed ones. */
export const contentLengthOf = (request: IncomingMessage): number | null => {
  const text = headerOf(request, "content-length");
  return text === null ? null : Number(text);
};

/** Whether a body follows the head. */
export const hasBody = (request: IncomingMessage): boolean =>
  request.headers["transfer-encoding"] !== undefined || (contentLengthOf(request) ?? 0) > 0;

/** Whether the client waits for leave before it sends its body. */
export const expectsContinue = (request: IncomingMessage): boolean =>
  /^100-continue$/i.test(request.headers.expect ?? "");

/** Whether part of the body may still be on its way. */
export const hasUnreadBody = (request: IncomingMessage): boolean =>
  hasBody(request) && !request.complete && !request.destroyed;
