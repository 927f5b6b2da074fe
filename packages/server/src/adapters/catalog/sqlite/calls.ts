import type { Instant } from "../../../domain/ids.ts";
import { PortError, type PortErrorKind } from "../../../ports/port-error.ts";

/** One request on its way to where the database is written or read. */
export interface Call<Request> {
  readonly id: number;
  /** The instant at which it was asked. */
  readonly at: Instant;
  readonly request: Request;
}

/** The answer to the call of that id. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CarriedError };

/** An error as plain data, because a class does not survive the way between threads. */
export interface CarriedError {
  readonly kind: PortErrorKind | "bug";
  readonly retry: "never" | "safe";
  readonly sentence: string;
  readonly cause?: string;
}

export const carryError = (error: unknown): CarriedError => {
  if (error instanceof PortError) {
    const cause = error.cause instanceof Error ? { cause: error.cause.message } : {};
    return { kind: error.kind, retry: error.retry, sentence: error.message, ...cause };
  }
  return {
    kind: "bug",
    retry: "never",
    sentence: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
};

export const revealError = ({ kind, retry, sentence, cause }: CarriedError): Error => {
  if (kind === "bug") return new Error(`The catalog met a mistake of its own: ${sentence}`);
  return new PortError(kind, sentence, {
    retry,
    ...(cause === undefined ? {} : { cause: new Error(cause) }),
  });
};

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Gathers the calls of one turn of the event loop into one batch, and hands each caller its reply. After `refuse` every
 * waiting and every later call is rejected.
 */
export class CallQueue<Request> {
  readonly #now: () => Instant;
  readonly #deliver: (batch: readonly Call<Request>[]) => void;
  readonly #waiting = new Map<number, Waiting>();
  #batch: Call<Request>[] = [];
  #lastId = 0;
  #refusal: PortError | null = null;

  constructor(options: {
    readonly now: () => Instant;
    readonly deliver: (batch: readonly Call<Request>[]) => void;
  }) {
    this.#now = options.now;
    this.#deliver = options.deliver;
  }

  async call(request: Request): Promise<unknown> {
    if (this.#refusal !== null) throw this.#refusal;
    if (this.#batch.length === 0) setImmediate(() => this.flush());
    this.#lastId += 1;
    const id = this.#lastId;
    this.#batch.push({ id, at: this.#now(), request });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    return await promise;
  }

  /** Sends what has been gathered without waiting for the turn to end. */
  flush(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#deliver(batch);
  }

  settle(replies: readonly Reply[]): void {
    for (const reply of replies) {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("error" in reply) waiting?.reject(revealError(reply.error));
      else waiting?.resolve(reply.value);
    }
  }

  /** Rejects later calls; those that wait still get their reply. */
  shut(reason: PortError): void {
    this.#refusal ??= reason;
  }

  /** Rejects the calls that wait, and all later ones. */
  refuse(reason: PortError): void {
    this.shut(reason);
    this.#batch = [];
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(reason);
  }
}
