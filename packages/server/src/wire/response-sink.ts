import type { ServerResponse } from "node:http";
import type { ByteSink, CancelSignal, Pour } from "../ports/index.ts";
import type { Watched } from "./stall-watch.ts";

/** How the sending of a body ended. */
export type SendOutcome =
  | { readonly kind: "sent" }
  /** The client went away, fell silent, or the transfer was cut. */
  | { readonly kind: "broken-off" }
  | { readonly kind: "failed"; readonly reason: unknown };

/**
 * Sends poured bytes as a response's body. Every chunk is lent to the socket until it is written, so `chunk` always says no and
 * the source goes on when the socket has let go: that is the backpressure, and it lets the source use its memory again.
 */
class ResponseSink implements ByteSink, Watched {
  movedBytes = 0;
  readonly #response: ServerResponse;
  readonly #settle: (outcome: SendOutcome) => void;
  #pour: Pour | null = null;
  #isWriting = false;
  #isOver = false;

  constructor(response: ServerResponse, settle: (outcome: SendOutcome) => void) {
    this.#response = response;
    this.#settle = settle;
    response.on("close", this.#onClose).on("error", this.#onClose);
  }

  get waitsForPeer(): boolean {
    return this.#isWriting;
  }

  open(read: (sink: ByteSink) => Pour): void {
    this.#pour = read(this);
    if (this.#isOver) this.#pour.stop();
  }

  chunk(bytes: Uint8Array): boolean {
    if (this.#isOver) return false;
    this.#isWriting = true;
    this.#response.write(bytes, (error) => {
      this.#isWriting = false;
      this.movedBytes += bytes.byteLength;
      if (error === null || error === undefined) this.#pour?.resume();
    });
    return false;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isWriting = true;
    this.#response.end(() => this.#finish({ kind: "sent" }));
  }

  fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#finish({ kind: "failed", reason });
    this.#response.destroy();
  }

  stalled(): void {
    this.breakOff();
  }

  /** Cuts the connection in the middle of the body, so that the client sees that it is not whole. */
  breakOff(): void {
    if (this.#isOver) return;
    this.#pour?.stop();
    this.#finish({ kind: "broken-off" });
    this.#response.destroy();
  }

  readonly #onClose = (): void => {
    if (this.#isOver) return;
    this.#pour?.stop();
    this.#finish({ kind: this.#response.writableFinished ? "sent" : "broken-off" });
  };

  #finish(outcome: SendOutcome): void {
    this.#isOver = true;
    this.#response.off("close", this.#onClose);
    this.#settle(outcome);
  }
}

/** What may end a body before its end, beside the client. */
export interface SendLimits {
  /** Aborts when the bytes may no longer be handed out. */
  readonly ended: CancelSignal;
  /** Told of the flow while it runs, to find a client that takes nothing. */
  watch(watched: Watched): { close(): void };
}

/** Sends what `read` pours as the body of a response whose head is written. Never rejects. */
export const sendBody = async (
  response: ServerResponse,
  read: (sink: ByteSink) => Pour,
  limits: SendLimits,
): Promise<SendOutcome> =>
  await new Promise<SendOutcome>((resolve) => {
    const sink = new ResponseSink(response, (outcome) => {
      limits.ended.removeEventListener("abort", onEnded);
      watch.close();
      resolve(outcome);
    });
    const onEnded = (): void => sink.breakOff();
    const watch = limits.watch(sink);
    limits.ended.addEventListener("abort", onEnded, { once: true });
    if (limits.ended.aborted || response.destroyed) sink.breakOff();
    else sink.open(read);
  });
