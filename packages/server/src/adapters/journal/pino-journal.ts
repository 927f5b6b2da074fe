import { AsyncLocalStorage } from "node:async_hooks";
import type { DestinationStream, Logger } from "pino";
import { pino, stdSerializers, stdTimeFunctions } from "pino";
import type { AnsweredRequest, Journal, RequestJournal } from "../../ports/index.ts";

type Event<Name extends keyof Journal> = Parameters<Journal[Name]>[0];

/** How much is written: an event below the level is dropped. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

const READS: readonly string[] = ["GET", "HEAD"];

/**
 * The journal as structured log lines, one JSON object each. Lines said on behalf of a request carry its `requestId`. Reads that
 * went well are told at level debug, so that polling clients do not fill the disk.
 */
export class PinoJournal implements RequestJournal {
  readonly #log: Logger;
  readonly #requestIds = new AsyncLocalStorage<string>();

  constructor(level: LogLevel, stream: DestinationStream) {
    this.#log = pino(
      {
        level,
        base: null,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { error: stdSerializers.errWithCause },
        mixin: () => {
          const requestId = this.#requestIds.getStore();
          return requestId === undefined ? {} : { requestId };
        },
      },
      stream,
    );
  }

  within<Result>(requestId: string, work: () => Result): Result {
    return this.#requestIds.run(requestId, work);
  }

  requestAnswered({ isRead, ...event }: AnsweredRequest): void {
    const isQuiet = event.status < 400 && (isRead ?? READS.includes(event.method));
    if (isQuiet && !this.#log.isLevelEnabled("debug")) return;
    const fields = {
      event: "request.answered",
      ...event,
      durationMs: Math.round(event.durationMs * 10) / 10,
    };
    if (event.status >= 500) this.#log.warn(fields);
    else if (isQuiet) this.#log.debug(fields);
    else this.#log.info(fields);
  }

  requestFailed(event: { readonly route: string; readonly error: unknown }): void {
    this.#log.error({ event: "request.failed", ...event });
  }

  sessionEnded(event: Event<"sessionEnded">): void {
    this.#log.info({ event: "session.ended", ...event });
  }

  contentChanged(event: Event<"contentChanged">): void {
    this.#log.info({ event: "content.changed", ...event });
  }

  transferEnded(event: Event<"transferEnded">): void {
    this.#log.info({ event: "transfer.ended", ...event });
  }

  loginRefused(event: Event<"loginRefused">): void {
    this.#log.warn({ event: "login.refused", ...event });
  }

  blobsCollected(event: Event<"blobsCollected">): void {
    this.#log.info({ event: "blobs.collected", ...event });
  }

  trouble(event: Event<"trouble">): void {
    this.#log.error({ event: "trouble", ...event });
  }

  /** What the operator should read at the start or the end. */
  note(sentence: string): void {
    this.#log.info({ event: "server.note" }, sentence);
  }

  warn(sentence: string): void {
    this.#log.warn({ event: "server.warning" }, sentence);
  }
}
