import { AsyncLocalStorage } from "node:async_hooks";
import type { DestinationStream, Logger } from "pino";
import { pino, stdSerializers, stdTimeFunctions } from "pino";
import type { Instant } from "../../domain/ids.ts";
import type { AnsweredRequest, Journal, RequestJournal } from "../../ports/index.ts";
import { PutOffLines } from "./put-off-lines.ts";

type Event<Name extends keyof Journal> = Parameters<Journal[Name]>[0];

/** How much is written: an event below the level is dropped. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/**
 * What JSON leaves as it is although it steers a terminal, ends a line for some readers, or turns the direction of writing: the
 * log of a stranger's texts is to be read as it was written.
 */
const STEERING = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const escaped = (line: string): string =>
  line.replaceAll(STEERING, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);

const READS: readonly string[] = ["GET", "HEAD"];

/**
 * The journal as structured log lines, one JSON object each. Lines said on behalf of a request carry its `requestId`. Reads that
 * went well are told at level debug, so that polling clients do not fill the disk.
 */
export class PinoJournal implements RequestJournal {
  readonly #log: Logger;
  readonly #requestIds = new AsyncLocalStorage<string>();
  readonly #putOffLines = new PutOffLines();
  readonly #now: () => Instant;

  constructor(level: LogLevel, stream: DestinationStream, now: () => Instant = Date.now) {
    this.#now = now;
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
      { write: (line) => stream.write(escaped(line)) },
    );
  }

  within<Result>(requestId: string, work: () => Result): Result {
    return this.#requestIds.run(requestId, work);
  }

  requestAnswered(answered: AnsweredRequest): void {
    const isQuiet = answered.status < 400 && (answered.isRead ?? READS.includes(answered.method));
    if (isQuiet && !this.#log.isLevelEnabled("debug")) return;
    const { isRead: _, ...event } = answered;
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

  /** Whoever logs in knows it already, and the trail keeps it. */
  loginMade(event: Event<"loginMade">): void {
    this.#log.debug({ event: "login.made", ...event });
  }

  /** Few lines for however many, so that nobody fills the log by guessing. */
  loginPutOff(event: Event<"loginPutOff">): void {
    for (const line of this.#putOffLines.at(this.#now(), event))
      this.#log.warn({ event: "login.put_off", ...line });
  }

  blobsCollected(event: Event<"blobsCollected">): void {
    this.#log.info({ event: "blobs.collected", ...event });
  }

  /** The operator should know that the storage is full, and that somebody sends again what was here. */
  partialsDropped(event: Event<"partialsDropped">): void {
    this.#log.warn({ event: "partials.dropped", ...event });
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
