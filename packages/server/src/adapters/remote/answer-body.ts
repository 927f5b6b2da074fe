import { giveBack } from "../../ports/give-back.ts";
import type { ByteSink, ByteSource, Clock, Closable, Pour } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import type { Answer } from "./http-exchange.ts";

/** What is to be known of a body that comes. */
export interface BodyParts {
  readonly answer: Answer;
  readonly origin: string;
  /** Null where the server did not say. */
  readonly bodyBytes: number | null;
  readonly clock: Pick<Clock, "every" | "monotonicMs">;
  readonly stallLimitMs: number;
  /** Aborts when the caller is gone, or the time is up; the reason is a `RemoteError`. */
  readonly signal: AbortSignal;
}

/** How often is looked whether the body still moves, within the time it may stand still. */
const LOOKS = 4;

/** The body of an answer as a source. The sink's `false` pauses the socket, so that TCP holds the server back. */
export class AnswerBody implements ByteSource {
  readonly #parts: BodyParts;
  #sink: ByteSink | null = null;
  #watch: Closable | null = null;
  #former: Buffer | null = null;
  #receivedBytes = 0;
  #movedAtMs = 0;
  #isPaused = false;

  constructor(parts: BodyParts) {
    this.#parts = parts;
  }

  pourInto(sink: ByteSink): Pour {
    const { answer, clock, stallLimitMs, signal } = this.#parts;
    this.#sink = sink;
    this.#movedAtMs = clock.monotonicMs();
    this.#watch = clock.every(stallLimitMs / LOOKS, this.#look);
    signal.addEventListener("abort", this.#onAbort, { once: true });
    answer.body.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onError);
    answer.body.on("close", this.#onClose);
    if (signal.aborted) this.#onAbort();
    return {
      resume: () => {
        this.#isPaused = false;
        this.#movedAtMs = clock.monotonicMs();
        if (this.#sink !== null) answer.body.resume();
      },
      stop: () => {
        this.#letGo();
        answer.close();
      },
    };
  }

  readonly #onData = (chunk: Buffer): void => {
    // Only now does nobody look at the one before: the parser may until its turn is over.
    if (this.#former !== null) giveBack(this.#former);
    this.#former = chunk;
    this.#receivedBytes += chunk.byteLength;
    this.#movedAtMs = this.#parts.clock.monotonicMs();
    if (this.#sink === null || this.#sink.chunk(chunk)) return;
    this.#isPaused = true;
    this.#parts.answer.body.pause();
  };

  readonly #onEnd = (): void => {
    const { bodyBytes, answer } = this.#parts;
    if (bodyBytes !== null && this.#receivedBytes !== bodyBytes) {
      this.#fail(this.#short());
      return;
    }
    const sink = this.#letGo();
    answer.close();
    sink?.end();
  };

  readonly #onError = (error: unknown): void => this.#fail(this.#short(error));

  readonly #onClose = (): void => this.#fail(this.#short());

  readonly #onAbort = (): void => this.#fail(this.#parts.signal.reason as RemoteError);

  readonly #look = (): void => {
    const { clock, stallLimitMs, origin } = this.#parts;
    if (this.#isPaused || clock.monotonicMs() - this.#movedAtMs < stallLimitMs) return;
    const seconds = Math.round(stallLimitMs / 1000);
    this.#fail(new RemoteError("timeout", `${origin} has sent nothing for ${seconds} s.`));
  };

  #short(cause?: unknown): RemoteError {
    const { origin, bodyBytes } = this.#parts;
    const of = bodyBytes === null ? "" : ` of ${bodyBytes}`;
    return new RemoteError(
      "connection",
      `${origin} broke off after ${this.#receivedBytes}${of} bytes.`,
      { cause },
    );
  }

  #fail(error: RemoteError): void {
    const sink = this.#letGo();
    this.#parts.answer.close();
    sink?.fail(error);
  }

  #letGo(): ByteSink | null {
    const sink = this.#sink;
    this.#sink = null;
    this.#watch?.close();
    this.#watch = null;
    this.#parts.signal.removeEventListener("abort", this.#onAbort);
    this.#parts.answer.body
      .off("data", this.#onData)
      .off("end", this.#onEnd)
      .off("error", this.#onError)
      .off("close", this.#onClose);
    return sink;
  }
}
