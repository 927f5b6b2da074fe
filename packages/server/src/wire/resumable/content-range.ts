/*
 * A plain PUT or POST with `Content-Range: bytes FIRST-LAST/LENGTH`, by which relays go on after they have read how many bytes a file
 * has. It must begin where those end; anything else is refused and changes nothing.
 */
import type { IncomingMessage } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { SentBytes } from "../../app/app.ts";
import { Refusal } from "../refusal.ts";
import { contentLengthOf } from "../request-head.ts";
import { refuseProtocol } from "./dialect.ts";

const RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i;
const BAD_REQUEST = 400;
const LENGTH_REQUIRED = 411;
const SHOWN_UNITS_MAX = 60;

/** The refusal of a range, whose text is shown as far as it is fit to be. */
export const refuseRange = (text: string): Refusal =>
  new Refusal(
    faultOf("transfer.range_refused", text.slice(0, SHOWN_UNITS_MAX).toWellFormed()),
    BAD_REQUEST,
  );

/** What the range says of the bytes that come; null without one. Throws a `Refusal` where it says nothing that can be. */
export const sentRangeOf = (request: IncomingMessage): SentBytes | null => {
  // An empty one is no range, and its sender did not mean a whole file.
  const text = request.headers["content-range"];
  if (text === undefined) return null;
  const parts = RANGE.exec(text);
  if (parts === null) throw refuseRange(text);
  const [, first = "", last = "", length = ""] = parts;
  const offsetBytes = Number(first);
  const rangeBytes = Number(last) - offsetBytes + 1;
  const lengthBytes = length === "*" ? null : Number(length);
  const contentLengthBytes = contentLengthOf(request);
  // What comes in chunks could turn out to be more than the range says when it is written already.
  if (contentLengthBytes === null)
    throw refuseProtocol("Content-Range needs Content-Length", LENGTH_REQUIRED);
  const fits =
    rangeBytes > 0 &&
    (lengthBytes === null || Number(last) < lengthBytes) &&
    contentLengthBytes === rangeBytes;
  if (!fits) throw refuseRange(text);
  return {
    offsetBytes,
    lengthBytes,
    isLast: null,
    contentLengthBytes,
    checksum: null,
  };
};
