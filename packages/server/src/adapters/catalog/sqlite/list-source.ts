import { setImmediate as turnOfOthers } from "node:timers/promises";
import { PortError } from "../../../ports/port-error.ts";
import type { Reads } from "./connection.ts";
import { HeldLists, type ListPage, type OpenedList } from "./held-lists.ts";
import type { ListQuery } from "./id-text.ts";
import type { ListRequest, ListWorkerData, RowsQuery } from "./list-worker.ts";
import { siblingModule, WorkerCalls } from "./worker-calls.ts";

const closedError = (): PortError => new PortError("unavailable", "The catalog is closed.");

/** Where long lists are read and held; a list has a number that its reader chose. */
export interface ListSource {
  /** The ids that a list begins with, as one text; nothing is held of it. */
  first(query: ListQuery, idsMax: number): Promise<string>;
  /** Reads the list and gives its first page. */
  open(list: number, query: ListQuery): Promise<OpenedList>;
  next(list: number): Promise<ListPage>;
  /** Gives up what is held of the list; harmless when nothing is. */
  free(list: number): void;
  /** All rows of a statement, of which nothing is held. The caller names their shape, and asks for few at a time: other lists wait. */
  read<Shape>(query: RowsQuery): Promise<readonly Shape[]>;
  close(): Promise<void>;
}

/** Reads and holds lists in this thread. */
export class InlineListSource implements ListSource {
  readonly #reads: Reads;
  readonly #lists: HeldLists;
  #isClosed = false;

  constructor(reads: Reads) {
    this.#reads = reads;
    this.#lists = new HeldLists(reads);
  }

  async first(query: ListQuery, idsMax: number): Promise<string> {
    return await Promise.resolve(this.#lists.first(query, idsMax));
  }

  async open(list: number, query: ListQuery): Promise<OpenedList> {
    return await Promise.resolve(this.#lists.open(list, query));
  }

  /** The ids outlive the database, which must not show. */
  async next(list: number): Promise<ListPage> {
    if (this.#isClosed) throw closedError();
    return await Promise.resolve(this.#lists.next(list));
  }

  free(list: number): void {
    this.#lists.free(list);
  }

  /** What comes in between such reads is served between them, although one thread does both. */
  async read<Shape>({ sql, values }: RowsQuery): Promise<readonly Shape[]> {
    await turnOfOthers();
    return this.#reads.all<Shape>(sql, ...values);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.resolve();
  }
}

const DEATH = {
  sentence: "The thread that reads long lists has died; the next list gets another.",
  retry: "safe",
} as const;

type ListWorker = WorkerCalls<ListRequest>;

/** Leaves lists to a worker, which is started at the first of them, and anew at the next one after it has died. */
export class WorkerListSource implements ListSource {
  readonly #file: string;
  #worker: Promise<ListWorker> | null = null;
  /** Where each list is held: one that was in a worker that died is in no other. */
  readonly #holders = new Map<number, ListWorker>();
  #isClosed = false;

  constructor(file: string) {
    this.#file = file;
  }

  async first(query: ListQuery, idsMax: number): Promise<string> {
    const worker = await this.#startedWorker();
    return (await worker.call({ kind: "first", query, idsMax })) as string;
  }

  async open(list: number, query: ListQuery): Promise<OpenedList> {
    const worker = await this.#startedWorker();
    this.#holders.set(list, worker);
    return (await worker.call({ kind: "open", list, query })) as OpenedList;
  }

  async next(list: number): Promise<ListPage> {
    const worker = this.#holders.get(list) ?? (await this.#startedWorker());
    return (await worker.call({ kind: "next", list })) as ListPage;
  }

  /** A worker that can not be told is gone, and holds nothing. */
  free(list: number): void {
    const worker = this.#holders.get(list);
    this.#holders.delete(list);
    worker?.call({ kind: "free", list }).catch(() => undefined);
  }

  async read<Shape>(query: RowsQuery): Promise<readonly Shape[]> {
    const worker = await this.#startedWorker();
    return (await worker.call({ kind: "read", query })) as readonly Shape[];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#worker?.catch(() => null);
    await worker?.close();
  }

  async #startedWorker(): Promise<ListWorker> {
    if (this.#isClosed) throw closedError();
    this.#worker ??= this.#startWorker();
    return await this.#worker;
  }

  #startWorker(): Promise<ListWorker> {
    const workerData: ListWorkerData = { file: this.#file };
    const forget = (): void => {
      if (this.#worker === starting) this.#worker = null;
    };
    const options = { workerData, now: () => 0, death: DEATH, onEnd: forget };
    const starting = WorkerCalls.start<ListRequest>(siblingModule("list-worker"), options);
    // One that says by itself that it can not serve has not ended yet.
    starting.catch(forget);
    return starting;
  }
}
