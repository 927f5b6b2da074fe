import type { OpenBody } from "./download-body.ts";
import { aborted, chunksOf, digestOf, openBody, openRest } from "./download-body.ts";
import type { DownloadContext, DownloadEvent, FileSink, IncomingFile } from "./download-options.ts";
import { ProtocolError, textOf } from "./errors.ts";
import type { Patience } from "./patience.ts";
import type { TransferControl } from "./transfer.ts";
import { connectionError } from "./transport.ts";
import { fateOf } from "./upload-endpoint.ts";

/** The bytes of a file on their way into the sink. */
export interface Pouring {
  readonly context: DownloadContext;
  readonly url: string;
  readonly incoming: IncomingFile;
  /** Whether the session is known to read the very file that the sink was told of. */
  readonly isCertain: boolean;
  readonly target: FileSink;
  readonly patience: Patience;
  readonly onProgress: (receivedBytes: number) => void;
}

/** Writes everything into the sink, behind what it has; after a broken connection it goes on where that broke. */
export class Pourer {
  readonly #pouring: Pouring;
  readonly #control: TransferControl<DownloadEvent>;
  #etag: string | undefined;
  #receivedBytes: number;
  #reason: string | undefined;

  constructor(pouring: Pouring, control: TransferControl<DownloadEvent>) {
    this.#pouring = pouring;
    this.#control = control;
    this.#receivedBytes = pouring.target.keptBytes ?? 0;
    pouring.patience.note(this.#receivedBytes);
  }

  /** Answers how many bytes the file has. `opened` is its body, where that was asked for already. */
  async pour(opened: OpenBody | undefined): Promise<number> {
    const { patience } = this.#pouring;
    const { signal } = this.#control;
    let next = await this.#beginning(opened);
    for (;;) {
      try {
        const open = next ?? (await this.#open());
        next = undefined;
        if (open === "whole" || (await this.#take(open))) return this.#receivedBytes;
        throw this.#broke(new Error("it ended early"));
      } catch (error) {
        if (fateOf(error) !== "broke" || !this.#mayContinue || patience.isUsedUp) throw error;
        this.#reason = textOf(error);
        await patience.rest(signal);
        if (signal.aborted) throw aborted(error);
      }
    }
  }

  /** A body from the first byte on is of no use behind what the sink has. */
  async #beginning(opened: OpenBody | undefined): Promise<OpenBody | undefined> {
    this.#etag = opened?.etag;
    if (this.#receivedBytes === 0) return opened;
    await opened?.body.cancel();
    return undefined;
  }

  get #mayContinue(): boolean {
    return this.#receivedBytes === 0 || this.#etag !== undefined || this.#pouring.isCertain;
  }

  readonly #broke = (cause: Error): Error =>
    connectionError(this.#pouring.url, cause, { operation: "download" });

  /** The bytes that are missing; all of them where the server does not go on behind those that are here. */
  async #open(): Promise<OpenBody | "whole"> {
    const { context, url, incoming } = this.#pouring;
    const { signal } = this.#control;
    const start = this.#receivedBytes;
    if (start > 0 && start === incoming.sizeBytes) return this.#goOn("whole");
    const whole = { url, start: 0, etag: undefined };
    if (start === 0) return await openBody(context, whole, signal);
    const open = await openRest(context, { url, start, etag: this.#etag }, signal);
    if (open?.isRest === true && isOf(incoming, open)) return this.#goOn(open);
    // The rest of another file is of no use: it is asked for as a whole.
    const isWhole = open?.isRest === false;
    if (!isWhole) await open?.body.cancel();
    await this.#restart();
    return isWhole ? open : await openBody(context, whole, signal);
  }

  #goOn<Next>(next: Next): Next {
    const { incoming, onProgress } = this.#pouring;
    const offsetBytes = this.#receivedBytes;
    const fileName = incoming.name;
    this.#control.emit({ type: "continuing", fileName, offsetBytes, reason: this.#reason });
    onProgress(offsetBytes);
    return next;
  }

  async #restart(): Promise<void> {
    const { target, incoming } = this.#pouring;
    if (target.restart === undefined)
      throw new ProtocolError(`The server does not go on with ${incoming.name} where it broke.`, {
        operation: "download",
      });
    await target.restart();
    this.#receivedBytes = 0;
  }

  /** Whether all bytes came that were announced. */
  async #take(open: OpenBody): Promise<boolean> {
    const { url, target, patience, onProgress } = this.#pouring;
    this.#etag = open.etag;
    const before = this.#receivedBytes;
    for await (const chunk of chunksOf(open.body, url, this.#control.signal)) {
      await target.write(chunk);
      this.#receivedBytes += chunk.byteLength;
      patience.note(this.#receivedBytes);
      onProgress(this.#receivedBytes);
    }
    return open.sizeBytes === undefined || this.#receivedBytes - before === open.sizeBytes;
  }
}

/** Whether bytes are of the file that the sink was told of, as far as their tag tells. */
function isOf({ checksums }: IncomingFile, { etag }: OpenBody): boolean {
  const told = digestOf(etag);
  const known = checksums.find(({ algorithm }) => algorithm === "SHA256");
  if (told === undefined || known === undefined) return true;
  return told.checksum.toLowerCase() === known.checksum.toLowerCase();
}
