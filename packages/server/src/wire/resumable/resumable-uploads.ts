import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { SentBytes, Transfers, UploadProgress } from "../../app/app.ts";
import type { Origin } from "../../app/call.ts";
import { Fault } from "../../app/fault.ts";
import type { Instant } from "../../domain/ids.ts";
import type { Clock } from "../../ports/index.ts";
import { byteFaultReply } from "../byte-fault.ts";
import { Refusal } from "../refusal.ts";
import type { Reply } from "../reply.ts";
import type { UploadSurroundings } from "../upload.ts";
import { receiveBody } from "../upload.ts";
import type { UploadDialect } from "./dialect.ts";
import { refuseProtocol } from "./dialect.ts";
import { reprDigestOf, wantsDigest } from "./repr-digest.ts";
import { DRAFT_BODY_TYPE, draftOf } from "./resumable-draft.ts";
import { isMeantAsTus, isTus, TUS, TUS_ABILITIES, TUS_BODY_TYPE } from "./tus.ts";

const METHOD_NOT_ALLOWED = 405;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** What an upload endpoint can be asked for, in all dialects together. */
export const UPLOAD_METHODS = "PUT, POST, HEAD, PATCH, DELETE, OPTIONS";

const PATCH_TYPES = `${TUS_BODY_TYPE}, ${DRAFT_BODY_TYPE}`;

/** The refusal of a request that only the protocols have, and that names none of them. */
export const refuseWithoutProtocol = (method: string): Refusal => {
  const why = `${method} needs Tus-Resumable or Upload-Draft-Interop-Version`;
  return method === "PATCH"
    ? refuseProtocol(why, UNSUPPORTED_MEDIA_TYPE, { "Accept-Patch": PATCH_TYPES })
    : refuseProtocol(why);
};

/** The dialect of a request; null for one that sends a whole file, or reads one. Throws a `Refusal` for a version that is not spoken. */
export const dialectOf = (request: IncomingMessage): UploadDialect | null =>
  isTus(request) ? TUS : (draftOf(request) ?? (isMeantAsTus(request) ? TUS : null));

/** One request of a resumable upload. */
export interface ResumableRequest {
  readonly dialect: UploadDialect;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly segment: string;
  readonly origin: Origin;
}

/** Answers requests of resumable uploads: each dialect reads and spells, what is done is the application's. */
export class ResumableUploads {
  readonly #transfers: Transfers;
  readonly #clock: Pick<Clock, "now">;
  readonly #around: Omit<UploadSurroundings, "origin">;

  constructor(clock: Pick<Clock, "now">, around: Omit<UploadSurroundings, "origin">) {
    this.#transfers = around.transfers;
    this.#clock = clock;
    this.#around = around;
  }

  /** The reply to a request, also to one that is refused. Rejects with what nobody expected. */
  async handle(asked: ResumableRequest): Promise<Reply> {
    try {
      return await this.#perform(asked);
    } catch (error) {
      const { reason, offsetBytes } = await this.#look(asked.segment, error);
      const reply = replyToFailure(asked.dialect, reason, offsetBytes);
      if (reply === null) throw reason;
      return reply;
    }
  }

  /** What can be done with an upload endpoint, whatever protocol is asked about; null for one that named none. */
  async options(segment: string, dialect: UploadDialect | null): Promise<Reply> {
    await this.#transfers.checkUpload(segment);
    const headers = { Allow: UPLOAD_METHODS, "Accept-Patch": PATCH_TYPES, ...TUS_ABILITIES };
    return { status: 204, headers: { ...headers, ...(dialect ?? TUS).headers } };
  }

  async #perform({
    dialect,
    request,
    response,
    segment,
    origin,
  }: ResumableRequest): Promise<Reply> {
    switch (dialect.actionOf(request)) {
      case "state":
        return await this.#state({ dialect, request, response, segment, origin });
      case "append":
        return await this.#append({ dialect, request, response, segment, origin });
      case "drop":
        await this.#transfers.dropUpload(segment, origin);
        return dialect.dropped();
      case "options":
        return await this.options(segment, dialect);
      case null:
        throw refuseProtocol(
          `the update session has made the upload, so there is no ${request.method} of it`,
          METHOD_NOT_ALLOWED,
          { Allow: UPLOAD_METHODS },
        );
    }
  }

  async #state({ dialect, request, response, segment, origin }: ResumableRequest): Promise<Reply> {
    const state = await this.#transfers.resumeUpload(segment, origin);
    const reply = dialect.state(state, this.#clock.now());
    if (!wantsDigest(request)) return reply;
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const found = await this.#transfers.digestOfPrefix(segment, gone.signal);
    if (found === null || found.sizeBytes !== state.offsetBytes) return reply;
    return { ...reply, headers: { ...reply.headers, "Repr-Digest": reprDigestOf(found.digest) } };
  }

  async #append({ dialect, request, response, segment, origin }: ResumableRequest): Promise<Reply> {
    const sent: SentBytes = dialect.readAppend(request);
    const slot = await this.#transfers.openAppend(segment, sent, origin);
    const around = { ...this.#around, origin };
    const progress = await receiveBody({ slot, request, response, envelope: null }, around);
    return dialect.appended({ ...progress, expiresAt: await this.#expiryOf(segment, progress) });
  }

  /** When an upload that is not whole yet is over; null where it is whole, or gone since. */
  async #expiryOf(segment: string, { isComplete }: UploadProgress): Promise<Instant | null> {
    if (isComplete) return null;
    try {
      return (await this.#transfers.checkUpload(segment)).expiresAt;
    } catch (error) {
      if (error instanceof Fault) return null;
      throw error;
    }
  }

  /**
   * What is to be told after a failure: where the address is dead by now, that is the better answer to a request that was refused
   * for its form; else how far the upload is, unless somebody else has it now.
   */
  async #look(
    segment: string,
    error: unknown,
  ): Promise<{ readonly reason: unknown; readonly offsetBytes: number | null }> {
    const fault = faultIn(error);
    if (fault === null || fault.fault === "transfer.superseded")
      return { reason: error, offsetBytes: null };
    try {
      const { offsetBytes } = await this.#transfers.checkUpload(segment);
      return { reason: error, offsetBytes };
    } catch (gone) {
      return { reason: error instanceof Refusal ? gone : error, offsetBytes: null };
    }
  }
}

const faultIn = (error: unknown): FaultValue | null => {
  if (error instanceof Refusal) return error.fault;
  return error instanceof Fault ? (error.values[0] ?? null) : null;
};

/** Null for what nobody expected. */
const replyToFailure = (
  dialect: UploadDialect,
  error: unknown,
  offsetBytes: number | null,
): Reply | null => {
  const fault = faultIn(error);
  const usual = byteFaultReply(error);
  if (fault === null || usual === null) return null;
  const own = dialect.errorOf(fault, offsetBytes);
  const status = own.status ?? usual.status;
  // What is not there can be there a moment later, under the same address.
  const uncached = { "Cache-Control": "no-store" };
  const headers = { ...uncached, ...usual.headers, ...dialect.headers, ...own.headers };
  if (own.problem === undefined) return { ...usual, status, headers };
  const bytes = Buffer.from(JSON.stringify({ ...own.problem, status }));
  return { status, headers, content: { type: "application/problem+json", bytes } };
};
