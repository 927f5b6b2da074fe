import type { IncomingMessage, ServerResponse } from "node:http";
import type { DownloadSlot, Transfers } from "../app/app.ts";
import type { RangeOutcome } from "./byte-range.ts";
import { rangeOf } from "./byte-range.ts";
import { conditionOf, countingRange, etagOf } from "./conditions.ts";
import { attachmentOf } from "./content-disposition.ts";
import type { SendOutcome } from "./response-sink.ts";
import { sendBody } from "./response-sink.ts";
import type { StallWatch } from "./stall-watch.ts";

/** How long a client may take nothing of a download before the connection is cut. */
export const DOWNLOAD_STALL_TIMEOUT_MS = 300_000;

/** What a download needs beside its request. */
export interface DownloadSurroundings {
  readonly transfers: Transfers;
  readonly stalls: StallWatch;
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  /** What is sent; null for a head alone. */
  readonly range: { readonly start: number; readonly endExclusive: number } | null;
}

const bodyHead = (
  slot: DownloadSlot,
  asked: RangeOutcome,
  shared: Readonly<Record<string, string>>,
): Head => {
  const { sizeBytes } = slot;
  if (asked.kind === "unsatisfiable") {
    return {
      status: 416,
      headers: { ...shared, "Content-Range": `bytes */${sizeBytes}`, "Content-Length": 0 },
      range: null,
    };
  }
  const range = asked.kind === "part" ? asked.range : { start: 0, endExclusive: sizeBytes };
  const headers = {
    ...shared,
    "Content-Type": "application/octet-stream",
    "Content-Disposition": attachmentOf(slot.fileName),
    "Content-Length": range.endExclusive - range.start,
  };
  if (asked.kind === "whole") return { status: 200, headers, range };
  const contentRange = `bytes ${range.start}-${range.endExclusive - 1}/${sizeBytes}`;
  return { status: 206, headers: { ...headers, "Content-Range": contentRange }, range };
};

const headOf = (request: IncomingMessage, slot: DownloadSlot): Head => {
  const etag = etagOf(slot.digest);
  const shared = { "Cache-Control": "private", ETag: etag, "Accept-Ranges": "bytes" };
  const condition = conditionOf(request, etag);
  if (condition === "failed")
    return { status: 412, headers: { ...shared, "Content-Length": 0 }, range: null };
  if (condition === "not-modified") return { status: 304, headers: shared, range: null };
  // Ranges are defined for GET alone.
  const range = request.method === "GET" ? countingRange(request, etag) : null;
  return bodyHead(slot, rangeOf(range, slot.sizeBytes), shared);
};

/** Answers GET or HEAD of a download endpoint: whole, in part, or by its head alone (contract P15 to P17). */
export const giveDownload = async (
  request: IncomingMessage,
  response: ServerResponse,
  segment: string,
  around: DownloadSurroundings,
): Promise<SendOutcome> => {
  const slot = await around.transfers.openDownload(segment);
  try {
    const { status, headers, range } = headOf(request, slot);
    response.writeHead(status, headers);
    if (range === null || request.method === "HEAD") {
      response.end();
      return { kind: "sent" };
    }
    return await sendBody(response, (sink) => slot.read(range, sink), {
      ended: slot.ended,
      watch: (watched) => around.stalls.watch(watched, DOWNLOAD_STALL_TIMEOUT_MS),
    });
  } finally {
    slot.close();
  }
};
