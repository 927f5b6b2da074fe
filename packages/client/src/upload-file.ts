import type { UpdateSessionFileInfo } from "@contentlib/contract";
import {
  AbortedError,
  ClientError,
  ConnectionError,
  DigestMismatchError,
  textOf,
} from "./errors.ts";
import { beginFile, stepFile } from "./file-upload.ts";
import type { FileEvent, FileRules, FileState } from "./file-state.ts";
import { Patience, RESUMED_TRIES } from "./patience.ts";
import { transferError } from "./refusal.ts";
import { RETRY_PAUSE_FIRST_MS, RETRY_PAUSE_MAX_MS } from "./retry.ts";
import { watchForStall } from "./stall-watch.ts";
import type { TransferControl } from "./transfer.ts";
import { askUploadState, dropUpload, fateOf } from "./upload-endpoint.ts";
import type { EndpointRequest } from "./upload-endpoint.ts";
import type { UploadContext, UploadEvent, UploadFile } from "./upload-options.ts";
import type { ResumableSending, SendReply } from "./upload-source.ts";

/** Pause between two looks at a file the server still checks, in milliseconds. */
const CHECK_PAUSE_MS = 500;
/** How long bytes may stand still before the line counts as broken, in milliseconds; a slow one moves a piece sooner. */
const STALL_MS = 120_000;

/** A file on its way, and what it belongs to. */
export interface FileOnItsWay {
  readonly sessionId: string;
  readonly file: UploadFile;
  /** Whether the server can be asked to go on from an offset. */
  readonly canResume: boolean;
  /** The file as the session that was taken over has it; null where it is still to be added. */
  readonly found: UpdateSessionFileInfo | null;
  /** What an earlier upload noted of it. */
  readonly known?: FileRules["known"];
  readonly onProgress: (sentBytes: number) => void;
}

/** Adds one file, sends what is missing of its bytes, and answers once the server holds them READY and their digests agree. */
export async function sendFile(
  context: UploadContext,
  way: FileOnItsWay,
  control: TransferControl<UploadEvent>,
): Promise<UpdateSessionFileInfo> {
  const { file } = way;
  const sending = way.canResume ? file.source.resumable?.() : undefined;
  const rules: FileRules = {
    fileName: file.name,
    sizeBytes: file.source.sizeBytes,
    canResume: sending !== undefined,
    isReplayable: file.source.isReplayable,
    known: way.known,
    // Where a time is given, it counts alone: the work tells when it is over.
    triesMax:
      context.retryForMs === undefined
        ? context.retriesMax * (sending === undefined ? 1 : RESUMED_TRIES)
        : Infinity,
  };
  const work = new FileWork(context, way, control, sending);
  let state = beginFile(rules, way.found);
  while (state.name !== "ready" && state.name !== "failed") {
    state = stepFile(rules, state, await work.perform(state));
  }
  if (state.name === "failed") throw state.error;
  await work.compare(state.info);
  return state.info;
}

/** Does what a state says is to be done. */
class FileWork {
  readonly #context: UploadContext;
  readonly #way: FileOnItsWay;
  readonly #control: TransferControl<UploadEvent>;
  readonly #sending: ResumableSending | undefined;
  /** The answer to the bytes; undefined where none came, as after a broken line or where nothing was missing. */
  #reply: SendReply | undefined;
  #hasSent = false;
  #sentBytes = 0;
  readonly #patience: Patience;

  constructor(
    context: UploadContext,
    way: FileOnItsWay,
    control: TransferControl<UploadEvent>,
    sending: ResumableSending | undefined,
  ) {
    this.#context = context;
    this.#way = way;
    this.#control = control;
    this.#sending = sending;
    const { system, retryForMs } = context;
    this.#patience = new Patience({ system, retryForMs, triesMax: Infinity });
  }

  async perform(state: FileState): Promise<FileEvent> {
    try {
      const event = await this.#attempt(state);
      this.#control.signal.throwIfAborted();
      return event;
    } catch (error) {
      return this.#eventOf(error);
    }
  }

  async #attempt(state: FileState): Promise<FileEvent> {
    switch (state.name) {
      case "adding":
        return { name: "shown", info: await this.#add() };
      case "asking":
        return {
          name: "told",
          ...(await askUploadState(this.#endpoint(state.progress.url), !state.progress.isOwn)),
        };
      case "comparing": {
        const { known, file } = this.#way;
        // A source that can not go on may be read all the same.
        const reading = this.#sending ?? file.source.resumable?.();
        const own = await reading?.digestOf(state.offsetBytes, this.#control.signal);
        const isSame = own === state.digest || (reading === undefined && known === "same");
        return { name: isSame ? "same" : "differs" };
      }
      case "dropping":
        await dropUpload(this.#endpoint(state.progress.url));
        return { name: "dropped" };
      case "sending":
        this.#tell(state);
        this.#hasSent = true;
        this.#reply = await this.#send(state.progress.url, state.offsetBytes);
        return { name: "taken" };
      case "looking":
        return { name: "shown", info: await this.#seen(await this.#look(), state.isSent) };
      case "pausing":
        await this.#rest(state.progress.tries, state.next.name === "looking");
        return { name: "rested" };
      case "ready":
      case "failed":
        throw new Error(`Nothing is to be done for a file that is ${state.name}.`);
    }
  }

  #eventOf(error: unknown): FileEvent {
    const { signal } = this.#control;
    if (signal.aborted) {
      const aborted =
        error instanceof AbortedError
          ? error
          : new AbortedError("The upload was aborted.", { operation: "upload", cause: error });
      return { name: "refused", error: aborted };
    }
    if (error instanceof ClientError) {
      const fate = fateOf(error);
      return { name: fate === "broke" && this.#patience.isUsedUp ? "refused" : fate, error };
    }
    return { name: "refused", error: error instanceof Error ? error : new Error(String(error)) };
  }

  #endpoint(url: string): EndpointRequest {
    return { url, system: this.#context.system, signal: this.#control.signal };
  }

  async #add(): Promise<UpdateSessionFileInfo> {
    const { sessionId, file } = this.#way;
    const { sizeBytes } = file.source;
    return await this.#context.services.updateSessionFile.add(
      {
        update_session_id: sessionId,
        file_spec: {
          name: file.name,
          source_type: "PUSH",
          ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
          ...(file.checksum === undefined ? {} : { checksum_info: file.checksum }),
        },
      },
      { signal: this.#control.signal, effect: "idempotent" },
    );
  }

  async #look(): Promise<UpdateSessionFileInfo> {
    const { sessionId, file } = this.#way;
    return await this.#context.services.updateSessionFile.get(
      { update_session_id: sessionId, file_name: file.name },
      { signal: this.#control.signal },
    );
  }

  /**
   * What a look shows. The vCenter simulator never tells how a transfer stands: there, a file that waits although its bytes were
   * taken counts as READY, and what it lacks shows when the session is completed.
   */
  async #seen(info: UpdateSessionFileInfo, isSent: boolean): Promise<UpdateSessionFileInfo> {
    const isTaken = isSent && this.#reply !== undefined && info.status === "WAITING_FOR_TRANSFER";
    if (!isTaken || (await this.#context.isOurs(this.#control.signal))) return info;
    const { size = this.#way.file.source.sizeBytes ?? this.#sentBytes } = info;
    return { ...info, status: "READY", size, bytes_transferred: size };
  }

  /** Bytes are sent for a second time, or from where others were found: both are worth a word. */
  #tell({ progress, offsetBytes }: Extract<FileState, { readonly name: "sending" }>): void {
    const { lastError } = progress;
    const fileName = this.#way.file.name;
    const reason = lastError === null ? undefined : textOf(lastError);
    if (offsetBytes > 0) this.#control.emit({ type: "resuming", fileName, offsetBytes, reason });
    else if (reason !== undefined) this.#control.emit({ type: "resending", fileName, reason });
  }

  async #send(url: string, offsetBytes: number): Promise<SendReply> {
    const { system } = this.#context;
    const { source } = this.#way.file;
    const { signal } = this.#control;
    const sending = this.#sending;
    const headers = await this.#context.endpointHeaders(url, signal);
    const onProgress = (sentBytes: number): void => {
      this.#sentBytes = sentBytes;
      this.#patience.note(sentBytes);
      this.#way.onProgress(sentBytes);
    };
    if (sending === undefined)
      return accepted(url, await source.send({ url, signal, system, headers, onProgress }));
    const watch = watchForStall(system, STALL_MS);
    try {
      const request = {
        url,
        signal: AbortSignal.any([signal, watch.stalled]),
        system,
        headers,
        onProgress: (sentBytes: number) => {
          watch.touch();
          onProgress(sentBytes);
        },
      };
      return accepted(url, await sending.send(request, offsetBytes));
    } catch (error) {
      if (!watch.stalled.aborted || signal.aborted) throw error;
      const message = `No byte went through for ${STALL_MS / 1_000} s.`;
      throw new ConnectionError(message, { operation: "upload", cause: error });
    } finally {
      watch.close();
    }
  }

  async #rest(tries: number, isCheck: boolean): Promise<void> {
    const { system } = this.#context;
    const ceilingMs = Math.min(
      RETRY_PAUSE_MAX_MS,
      RETRY_PAUSE_FIRST_MS * 2 ** Math.max(0, tries - 1),
    );
    const pauseMs = Math.round(ceilingMs * (0.5 + system.random() / 2));
    await system.sleep(isCheck ? CHECK_PAUSE_MS : pauseMs, this.#control.signal);
  }

  /** Holds what was read here against what the server holds; the declared digest was checked by the server itself. */
  async compare(info: UpdateSessionFileInfo): Promise<void> {
    const { file } = this.#way;
    const there = info.checksum_info;
    if (there === undefined) return;
    // A file that was taken over may have been declared without the checksum that is known now.
    const declared = file.checksum;
    const isOther =
      declared !== undefined &&
      (declared.algorithm ?? "SHA1") === (there.algorithm ?? "SHA1") &&
      declared.checksum.toLowerCase() !== there.checksum.toLowerCase();
    if (isOther) throw notDeclared(file, there.checksum);
    const here = await this.#ownDigest(there.algorithm ?? "SHA1");
    if (here === undefined || here === there.checksum.toLowerCase()) return;
    const message = `${file.name} was damaged on its way: ${there.algorithm ?? "SHA1"} ${here} was sent, and the server holds ${there.checksum}.`;
    throw new DigestMismatchError(message, { operation: "upload" });
  }

  async #ownDigest(algorithm: string): Promise<string | undefined> {
    const sent = this.#reply?.digest;
    if (sent?.algorithm === algorithm) return sent.checksum.toLowerCase();
    const { sizeBytes } = this.#way.file.source;
    const isUnanswered = this.#hasSent && this.#reply === undefined;
    if (!isUnanswered || algorithm !== "SHA256" || sizeBytes === undefined) return undefined;
    return (await this.#sending?.digestOf(sizeBytes, this.#control.signal)) ?? undefined;
  }
}

const notDeclared = ({ name, checksum }: UploadFile, found: string): DigestMismatchError =>
  new DigestMismatchError(
    `${name} is not the file that was declared: ${checksum?.algorithm ?? "SHA1"} ${checksum?.checksum ?? ""} was, and it has ${found}.`,
    { operation: "upload" },
  );

/** The answer, or the error it stands for. */
function accepted(url: string, reply: SendReply): SendReply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  throw transferError({ url, ...reply }, "upload");
}
