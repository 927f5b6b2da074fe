import type { SQLInputValue } from "node:sqlite";
import type { Reads } from "./connection.ts";
import type { ListRequest, ListWorkerData } from "./list-worker.ts";
import { siblingModule, WorkerCalls } from "./worker-calls.ts";

/** Longest list that the calling thread reads by itself; reading it takes about half a millisecond. */
const INLINE_IDS_MAX = 1_000;
/** SQLite's way to say that a list may be of any length. */
const UNLIMITED = -1;

/** Reads lists of ids by statements that end in `LIMIT ?`. */
export interface IdLists {
  read<Id extends string>(sql: string, values: readonly SQLInputValue[]): Promise<readonly Id[]>;
  close(): Promise<void>;
}

interface IdRow<Id> {
  readonly id: Id;
}

const idsOf = <Id>(rows: readonly IdRow<Id>[]): readonly Id[] => rows.map(({ id }) => id);

/** Reads every list on the calling thread. */
export class InlineIdLists implements IdLists {
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  async read<Id extends string>(
    sql: string,
    values: readonly SQLInputValue[],
  ): Promise<readonly Id[]> {
    return idsOf(this.#reads.all<IdRow<Id>>(sql, ...values, UNLIMITED));
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** Reads short lists on the calling thread and leaves long ones to a worker, which is started at the first of them. */
export class SharedIdLists implements IdLists {
  readonly #reads: Reads;
  readonly #file: string;
  #worker: Promise<WorkerCalls<ListRequest>> | null = null;

  constructor(reads: Reads, file: string) {
    this.#reads = reads;
    this.#file = file;
  }

  async read<Id extends string>(
    sql: string,
    values: readonly SQLInputValue[],
  ): Promise<readonly Id[]> {
    const rows = this.#reads.all<IdRow<Id>>(sql, ...values, INLINE_IDS_MAX + 1);
    if (rows.length <= INLINE_IDS_MAX) return idsOf(rows);
    const worker = await this.#startedWorker();
    return (await worker.call({ sql, values: [...values, UNLIMITED] })) as readonly Id[];
  }

  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => null);
    await worker?.close();
  }

  async #startedWorker(): Promise<WorkerCalls<ListRequest>> {
    const workerData: ListWorkerData = { file: this.#file };
    this.#worker ??= WorkerCalls.start<ListRequest>(siblingModule("list-worker"), {
      workerData,
      now: () => 0,
    });
    const worker = this.#worker;
    try {
      return await worker;
    } catch (error) {
      if (this.#worker === worker) this.#worker = null;
      throw error;
    }
  }
}
