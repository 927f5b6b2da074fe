import type { IncomingMessage } from "node:http";
import type { Sha256 } from "../domain/ids.ts";
import { headerOf } from "./request-head.ts";

/** The strong validator of a file: its own digest, so equal tags are equal bytes. */
export const etagOf = (digest: Sha256): string => `"sha256-${digest}"`;

const names = (header: string, etag: string, weakly: boolean): boolean =>
  header.trim() === "*" ||
  header.split(",").some((tag) => {
    const text = tag.trim();
    return (weakly ? text.replace(/^W\//, "") : text) === etag;
  });

/** Whether the conditions of a read let it go on; there are no dates to compare with (RFC 9110 13.2.2). */
export const conditionOf = (
  request: IncomingMessage,
  etag: string,
): "go-on" | "not-modified" | "failed" => {
  const ifMatch = headerOf(request, "if-match");
  if (ifMatch !== null && !names(ifMatch, etag, false)) return "failed";
  const ifNoneMatch = headerOf(request, "if-none-match");
  return ifNoneMatch !== null && names(ifNoneMatch, etag, true) ? "not-modified" : "go-on";
};

/** The `Range` header where it counts: under `If-Range` only for exactly these bytes. */
export const countingRange = (request: IncomingMessage, etag: string): string | null => {
  const ifRange = headerOf(request, "if-range");
  return ifRange === null || ifRange === etag ? headerOf(request, "range") : null;
};
