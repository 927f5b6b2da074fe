import type { Instant } from "../../../domain/ids.ts";
import { PortError } from "../../../ports/port-error.ts";
import { CallQueue } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { type GroupFigures, WriteEngine } from "./write-engine.ts";
import type { WriteAnswers, WriteKind, WriteRequest } from "./write-requests.ts";

/** Where write requests go: into the worker, or to an engine in this thread. */
export interface WriteCalls {
  call(request: WriteRequest): Promise<unknown>;
  close(): Promise<void>;
}

/** Who must know of writes because he keeps what he has read. */
export interface WriteWatch {
  /** Called before a write is handed on. */
  writeBegins(): void;
  /** Called after each write, whatever came of it, and before its caller learns of it. */
  writeEnds(durationMs: number): void;
}

/** Gives each kind of write request its kind of answer. */
export class Writer {
  readonly #calls: WriteCalls;
  readonly #watch: WriteWatch;
  #waiting = 0;

  constructor(calls: WriteCalls, watch: WriteWatch) {
    this.#calls = calls;
    this.#watch = watch;
  }

  /** Writes that are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  async write<Kind extends WriteKind>(
    request: Extract<WriteRequest, { kind: Kind }>,
  ): Promise<WriteAnswers[Kind]> {
    const askedMs = performance.now();
    this.#waiting += 1;
    this.#watch.writeBegins();
    try {
      return (await this.#calls.call(request)) as WriteAnswers[Kind];
    } finally {
      this.#waiting -= 1;
      this.#watch.writeEnds(performance.now() - askedMs);
    }
  }

  async close(): Promise<void> {
    await this.#calls.close();
  }
}

/** Write calls served in this thread, grouped like those of the worker. */
export const inlineWriteCalls = (
  connection: Connection,
  {
    now,
    onCommit,
  }: {
    readonly now: () => Instant;
    readonly onCommit?: ((figures: GroupFigures) => void) | undefined;
  },
): WriteCalls => {
  const engine = new WriteEngine(connection);
  const queue = new CallQueue<WriteRequest>({
    now,
    deliver: (batch) => {
      for (const replies of engine.run(batch)) {
        queue.settle(replies);
        const figures = engine.takeFigures();
        if (figures !== undefined) onCommit?.(figures);
      }
    },
  });
  return {
    call: (request) => queue.call(request),
    close: async () => {
      queue.flush();
      queue.shut(new PortError("unavailable", "The catalog is closed."));
      connection.close();
      await Promise.resolve();
    },
  };
};
