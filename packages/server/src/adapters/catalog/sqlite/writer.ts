import type { Instant } from "../../../domain/ids.ts";
import { PortError } from "../../../ports/port-error.ts";
import { CallQueue } from "./calls.ts";
import type { Connection } from "./connection.ts";
import { WriteEngine } from "./write-engine.ts";
import type { WriteAnswers, WriteKind, WriteRequest } from "./write-requests.ts";

/** Where write requests go: into the worker, or to an engine in this thread. */
export interface WriteCalls {
  call(request: WriteRequest): Promise<unknown>;
  close(): Promise<void>;
}

/** Gives each kind of write request its kind of answer. */
export class Writer {
  readonly #calls: WriteCalls;
  readonly #onWritten: () => void;

  /** `onWritten` is called after each write, before its caller learns of it. */
  constructor(calls: WriteCalls, onWritten: () => void) {
    this.#calls = calls;
    this.#onWritten = onWritten;
  }

  async write<Kind extends WriteKind>(
    request: Extract<WriteRequest, { kind: Kind }>,
  ): Promise<WriteAnswers[Kind]> {
    try {
      return (await this.#calls.call(request)) as WriteAnswers[Kind];
    } finally {
      this.#onWritten();
    }
  }

  async close(): Promise<void> {
    await this.#calls.close();
  }
}

/** Write calls served in this thread, grouped like those of the worker. */
export const inlineWriteCalls = (connection: Connection, now: () => Instant): WriteCalls => {
  const engine = new WriteEngine(connection);
  const queue = new CallQueue<WriteRequest>({
    now,
    deliver: (batch) => {
      for (const replies of engine.run(batch)) queue.settle(replies);
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
