import type { IncomingMessage } from "node:http";
import { giveBack } from "../ports/give-back.ts";
import type { ByteSink, ByteSource, Pour } from "../ports/index.ts";
import type { Watched } from "./stall-watch.ts";

/** Why a request's body ended before its end. */
export class BodyBroken extends Error {
  override readonly name = "BodyBroken";
}

/**
 * A request's body as a source: chunks go to the sink as the socket hands them over, uncopied and without a promise each. The
 * sink's `false` pauses the socket, so that TCP holds the sender back.
 */
export class RequestSource implements ByteSource, Watched {
  movedBytes = 0;
  readonly #request: IncomingMessage;
  #sink: ByteSink | null = null;
  #isPaused = false;
  #hasStalled = false;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get waitsForPeer(): boolean {
    return this.#sink !== null && !this.#isPaused;
  }

  /** Whether the sender fell silent and was given up. */
  get hasStalled(): boolean {
    return this.#hasStalled;
  }

  pourInto(sink: ByteSink): Pour {
    const request = this.#request;
    this.#sink = sink;
    if (request.destroyed && !request.complete) {
      this.#fail(new BodyBroken("The connection was closed."));
    } else {
      request
        .on("data", this.#onData)
        .on("end", this.#onEnd)
        .on("close", this.#onClose)
        .on("error", this.#onClose);
    }
    return {
      resume: () => {
        this.#isPaused = false;
        if (this.#sink !== null) request.resume();
      },
      stop: () => {
        this.#letGo();
        request.pause();
      },
    };
  }

  stalled(): void {
    this.#hasStalled = true;
    this.#fail(new BodyBroken("The sender fell silent."));
  }

  readonly #onData = (chunk: Buffer): void => {
    this.movedBytes += chunk.length;
    if (this.#sink === null || this.#sink.chunk(chunk)) {
      giveBack(chunk);
      return;
    }
    this.#isPaused = true;
    this.#request.pause();
  };

  readonly #onEnd = (): void => {
    const sink = this.#letGo();
    sink?.end();
  };

  readonly #onClose = (): void => {
    this.#fail(new BodyBroken("The connection was closed."));
  };

  #fail(reason: BodyBroken): void {
    const sink = this.#letGo();
    sink?.fail(reason);
  }

  #letGo(): ByteSink | null {
    const sink = this.#sink;
    this.#sink = null;
    this.#request
      .off("data", this.#onData)
      .off("end", this.#onEnd)
      .off("close", this.#onClose)
      .off("error", this.#onClose);
    return sink;
  }
}
