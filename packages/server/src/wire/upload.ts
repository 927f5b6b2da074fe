import type { IncomingMessage, ServerResponse } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { SentBytes, Transfers, UploadProgress, UploadSlot } from "../app/app.ts";
import type { Origin } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import type { ByteSource, CancelSignal } from "../ports/index.ts";
import { boundaryOf } from "./multipart-parser.ts";
import { MultipartSource } from "./multipart-source.ts";
import { Refusal } from "./refusal.ts";
import { contentLengthOf, expectsContinue, headerOf, mediaTypeOf } from "./request-head.ts";
import { RequestSource } from "./request-source.ts";
import { refuseRange, sentRangeOf } from "./resumable/content-range.ts";
import type { FlowLimits, StallWatch } from "./stall-watch.ts";

const BAD_REQUEST = 400;
const REQUEST_TIMEOUT = 408;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** What an upload needs beside its request. */
export interface UploadSurroundings {
  readonly transfers: Transfers;
  readonly origin: Origin;
  readonly stalls: StallWatch;
  /** When its client is given up. */
  readonly limits: FlowLimits;
  readonly isStrict: boolean;
  /** Aborts when the server gives up everything that still runs. */
  readonly shutdown: CancelSignal;
}

/** The boundary of a multipart body; null for a raw one. */
type Envelope = string | null;

const envelopeOf = (request: IncomingMessage, isStrict: boolean): Envelope => {
  if (mediaTypeOf(request) !== "multipart/form-data") return null;
  if (isStrict) {
    throw new Refusal(
      faultOf(
        "request.tolerance_refused",
        "the body of an upload is the file itself, not multipart",
      ),
      BAD_REQUEST,
    );
  }
  const boundary = boundaryOf(headerOf(request, "content-type") ?? "");
  if (boundary !== null) return boundary;
  throw new Refusal(
    faultOf("transfer.unsupported_body", "its content type names no multipart boundary"),
    BAD_REQUEST,
  );
};

/** Refuses what the head alone shows to be no whole file, before the endpoint's present writer is disturbed. */
const judgeHead = (request: IncomingMessage, isStrict: boolean): Envelope => {
  const encoding = headerOf(request, "content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    throw new Refusal(
      faultOf("transfer.unsupported_body", `its Content-Encoding ${encoding} is not undone`),
      UNSUPPORTED_MEDIA_TYPE,
    );
  }
  return envelopeOf(request, isStrict);
};

/** A range can be of nothing but the bytes themselves, and must begin where those that are here end. */
const openRange = async (
  request: IncomingMessage,
  segment: string,
  at: {
    readonly range: SentBytes;
    readonly envelope: Envelope;
    readonly around: UploadSurroundings;
  },
): Promise<UploadSlot> => {
  const text = headerOf(request, "content-range") ?? "";
  if (at.envelope !== null) throw refuseRange(text);
  try {
    return await at.around.transfers.openAppend(segment, at.range, at.around.origin);
  } catch (error) {
    if (!(error instanceof Fault) || !RANGE_FAULTS.includes(error.code)) throw error;
    throw refuseRange(text);
  }
};

const RANGE_FAULTS: readonly string[] = ["transfer.offset_mismatch", "transfer.length_mismatch"];

const admit = async (
  request: IncomingMessage,
  segment: string,
  around: UploadSurroundings,
): Promise<[UploadSlot, Envelope]> => {
  let envelope: Envelope;
  try {
    envelope = judgeHead(request, around.isStrict);
  } catch (error) {
    // A dead endpoint is the better answer, and asking changes nothing.
    await around.transfers.checkUpload(segment);
    throw error;
  }
  const range = sentRangeOf(request);
  if (range !== null) return [await openRange(request, segment, { range, envelope, around }), null];
  return [
    await around.transfers.openUpload(
      segment,
      envelope === null ? contentLengthOf(request) : null,
      around.origin,
    ),
    envelope,
  ];
};

const receive = async (
  slot: UploadSlot,
  request: IncomingMessage,
  envelope: Envelope,
  around: UploadSurroundings,
): Promise<UploadProgress> => {
  const body = new RequestSource(request);
  const unpacked = envelope === null ? null : new MultipartSource(body, envelope);
  const source: ByteSource = unpacked ?? body;
  const watch = around.stalls.watch(body, around.limits);
  try {
    return await slot.receive(source, around.shutdown);
  } catch (error) {
    const failure = unpacked?.failure ?? null;
    if (failure !== null)
      throw new Refusal(faultOf("transfer.unsupported_body", failure.message), BAD_REQUEST);
    const [fault] = error instanceof Fault ? error.values : [];
    if (body.hasStalled && fault !== undefined) throw new Refusal(fault, REQUEST_TIMEOUT);
    throw error;
  } finally {
    watch.close();
  }
};

/** Takes the body of an upload that was let in, and gives its slot back. */
export const receiveBody = async (
  upload: {
    readonly slot: UploadSlot;
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly envelope: Envelope;
  },
  around: UploadSurroundings,
): Promise<UploadProgress> => {
  const { slot, request, response, envelope } = upload;
  try {
    if (expectsContinue(request)) response.writeContinue();
    return await receive(slot, request, envelope, around);
  } finally {
    slot.close();
  }
};

/**
 * Takes one whole file, or, with `Content-Range`, what comes behind the bytes that are here. A client that asked for leave with `Expect: 100-continue` gets it only once nothing speaks against the
 * upload any more. Resolves when the bytes are verified and safe.
 */
export const takeUpload = async (
  request: IncomingMessage,
  response: ServerResponse,
  segment: string,
  around: UploadSurroundings,
): Promise<UploadProgress> => {
  const [slot, envelope] = await admit(request, segment, around);
  return await receiveBody({ slot, request, response, envelope }, around);
};
