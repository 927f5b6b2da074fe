import type { IncomingMessage, ServerResponse } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Transfers } from "../app/app.ts";
import type { Origin } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import type { CancelSignal, Clock, RequestJournal } from "../ports/index.ts";
import { byteFaultReply, unexpectedReply } from "./byte-fault.ts";
import { giveDownload } from "./download.ts";
import { faultReply } from "./fault-reply.ts";
import { sendReplyEarly } from "./linger.ts";
import type { Reach } from "./reach.ts";
import type { Reply } from "./reply.ts";
import { sendReply } from "./reply.ts";
import { addressOf, hasUnreadBody } from "./request-head.ts";
import {
  dialectOf,
  refuseWithoutProtocol,
  ResumableUploads,
  UPLOAD_METHODS,
} from "./resumable/resumable-uploads.ts";
import type { FlowLimits, Pace, StallWatch } from "./stall-watch.ts";
import { takeUpload } from "./upload.ts";

/** Every byte endpoint lies under this path; the secret segment follows, then the file's name for people to read. */
export const BYTES_PATH = "/cls/data/";

/** How long a client may send nothing of an upload before the connection is cut. */
export const UPLOAD_STALL_TIMEOUT_MS = 60_000;

/**
 * The least that an upload has to send: some 55 bytes a second, which any line that works at all can do. Without it, a byte now and
 * then would hold a connection and a session for ever.
 */
export const UPLOAD_PACE: Pace = { bytes: 16 * 1024, periodMs: 300_000 };

const METHOD_NOT_ALLOWED = 405;
const BAD_REQUEST = 400;
const DOWNLOAD_METHODS = "GET, HEAD";

/** Headers of every answer, errors included: no browser runs, frames or shares with another site what somebody has stored here. */
const SAFE_HEADERS = Object.entries({
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "sandbox; default-src 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
});

/** What the byte endpoints are made of. */
export interface ByteEndpointOptions {
  readonly transfers: Transfers;
  readonly reach: Reach;
  readonly clock: Clock;
  readonly journal: RequestJournal;
  readonly stalls: StallWatch;
  readonly uploadStallTimeoutMs: number;
  readonly isStrict: boolean;
  /** Aborts when the server gives up everything that still runs. */
  readonly shutdown: CancelSignal;
}

const segmentOf = (url: string): string => {
  const rest = addressOf(url).path.slice(BYTES_PATH.length);
  const slash = rest.indexOf("/");
  return slash < 0 ? rest : rest.slice(0, slash);
};

const isUnknownEndpoint = (error: unknown): boolean =>
  error instanceof Fault && error.code === "transfer.unknown_endpoint";

/**
 * The road of the bytes: no codec, no router, no login. The secret segment of the URL is the permission and says the direction;
 * what it stands for is the application's to know.
 */
export class ByteEndpoints {
  readonly #options: ByteEndpointOptions;
  readonly #resumable: ResumableUploads;
  readonly #limits: FlowLimits;

  constructor(options: ByteEndpointOptions) {
    this.#options = options;
    const { transfers, clock, stalls, uploadStallTimeoutMs, isStrict, shutdown } = options;
    this.#limits = { silenceMs: uploadStallTimeoutMs, pace: UPLOAD_PACE };
    const around = { transfers, stalls, limits: this.#limits, isStrict, shutdown };
    this.#resumable = new ResumableUploads(clock, around);
  }

  /** Answers one request. Never rejects. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    for (const [name, value] of SAFE_HEADERS) response.setHeader(name, value);
    try {
      const reply = await this.#perform(request, response, requestId);
      if (reply === null) return;
      const { clock } = this.#options;
      if (reply.status >= BAD_REQUEST && hasUnreadBody(request))
        await sendReplyEarly(request, response, reply, clock);
      else sendReply(response, reply);
    } catch (error) {
      const reply = byteFaultReply(error);
      if (reply === null) this.#options.journal.requestFailed({ route: BYTES_PATH, error });
      if (response.headersSent || response.destroyed) response.destroy();
      else
        await sendReplyEarly(
          request,
          response,
          reply ?? unexpectedReply(error, requestId),
          this.#options.clock,
        );
    }
  }

  async #perform(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<Reply | null> {
    const segment = segmentOf(request.url ?? "");
    const origin = this.#options.reach.originOf(request, requestId);
    const dialect = dialectOf(request);
    if (dialect !== null)
      return await this.#resumable.handle({ dialect, request, response, segment, origin });
    switch (request.method) {
      case "PUT":
      case "POST":
        return await this.#upload(request, response, { segment, origin });
      case "GET":
        return await this.#download(request, response, segment);
      case "HEAD":
        return await this.#head(request, response, segment);
      default:
        return await this.#other(request, segment);
    }
  }

  async #other(request: IncomingMessage, segment: string): Promise<Reply> {
    const { method = "" } = request;
    if (!(await this.#isUpload(segment))) {
      (await this.#options.transfers.openDownload(segment)).close();
      return this.#notAllowed(request, DOWNLOAD_METHODS);
    }
    if (method === "OPTIONS") return await this.#resumable.options(segment, null);
    if (method === "PATCH" || method === "DELETE") throw refuseWithoutProtocol(method);
    return this.#notAllowed(request, UPLOAD_METHODS);
  }

  async #upload(
    request: IncomingMessage,
    response: ServerResponse,
    { segment, origin }: { readonly segment: string; readonly origin: Origin },
  ): Promise<Reply> {
    const { transfers, stalls, isStrict, shutdown } = this.#options;
    try {
      const { offsetBytes } = await takeUpload(request, response, segment, {
        transfers,
        origin,
        stalls,
        limits: this.#limits,
        isStrict,
        shutdown,
      });
      return { status: 200, headers: { "Upload-Offset": String(offsetBytes) } };
    } catch (error) {
      if (!isUnknownEndpoint(error) || !(await this.#isDownload(segment))) throw error;
      return this.#notAllowed(request, DOWNLOAD_METHODS);
    }
  }

  async #download(
    request: IncomingMessage,
    response: ServerResponse,
    segment: string,
  ): Promise<Reply | null> {
    const { transfers, stalls, journal } = this.#options;
    try {
      const outcome = await giveDownload(request, response, segment, { transfers, stalls });
      if (outcome.kind === "failed")
        journal.requestFailed({ route: BYTES_PATH, error: outcome.reason });
      return null;
    } catch (error) {
      if (!isUnknownEndpoint(error) || !(await this.#isUpload(segment))) throw error;
      return this.#notAllowed(request, UPLOAD_METHODS);
    }
  }

  async #head(
    request: IncomingMessage,
    response: ServerResponse,
    segment: string,
  ): Promise<Reply | null> {
    const { transfers, stalls } = this.#options;
    try {
      await giveDownload(request, response, segment, { transfers, stalls });
      return null;
    } catch (error) {
      if (!isUnknownEndpoint(error)) throw error;
      const { offsetBytes, lengthBytes } = await transfers.checkUpload(segment);
      const length = lengthBytes === null ? {} : { "Upload-Length": String(lengthBytes) };
      const headers = { "Upload-Offset": String(offsetBytes), ...length };
      return { status: 200, headers: { ...headers, "Cache-Control": "no-store" } };
    }
  }

  #notAllowed(request: IncomingMessage, allow: string): Reply {
    const fault = faultOf(
      "request.no_such_operation",
      `${request.method ?? ""} of this transfer endpoint`,
    );
    return faultReply("api", [fault], { status: METHOD_NOT_ALLOWED, headers: { Allow: allow } });
  }

  async #isUpload(segment: string): Promise<boolean> {
    return await this.#isAlive(async () => await this.#options.transfers.checkUpload(segment));
  }

  async #isDownload(segment: string): Promise<boolean> {
    return await this.#isAlive(async () =>
      (await this.#options.transfers.openDownload(segment)).close(),
    );
  }

  async #isAlive(check: () => Promise<unknown>): Promise<boolean> {
    try {
      await check();
      return true;
    } catch (error) {
      if (isUnknownEndpoint(error)) return false;
      throw error;
    }
  }
}
