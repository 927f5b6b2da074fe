import { PortError } from "../../../ports/port-error.ts";
import type { Reads } from "./connection.ts";
import { HeldLists, type ListPage } from "./held-lists.ts";
import type { ListQuery } from "./id-text.ts";
import type { ListRequest, ListWorkerData } from "./list-worker.ts";
import { siblingModule, WorkerCalls } from "./worker-calls.ts";

/** Where long lists are read and held; a list has a number that its reader chose. */
export interface ListSource {
  /** The ids that a list begins with, as one text; nothing is held of it. */
  first(query: ListQuery, idsMax: number): Promise<string>;
  /** Reads the list and gives its first page. */
  open(list: number, query: ListQuery): Promise<ListPage>;
  next(list: number): Promise<ListPage>;
  /** Gives up what is held of the list; harmless when nothing is. */
  free(list: number): void;
  close(): Promise<void>;
}

/** Reads and holds lists in this thread. */
export class InlineListSource implements ListSource {
  readonly #lists: HeldLists;
  #isClosed = false;

  constructor(reads: Reads) {
    this.#lists = new HeldLists(reads);
  }

  async first(query: ListQuery, idsMax: number): Promise<string> {
    return await Promise.resolve(this.#lists.first(query, idsMax));
  }

  async open(list: number, query: ListQuery): Promise<ListPage> {
    return await Promise.resolve(this.#lists.open(list, query));
  }

  /** The ids outlive the database, which must not show. */
  async next(list: number): Promise<ListPage> {
    if (this.#isClosed) throw new PortError("unavailable", "The catalog is closed.");
    return await Promise.resolve(this.#lists.next(list));
  }

  free(list: number): void {
    this.#lists.free(list);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.resolve();
  }
}

/** Leaves lists to a worker, which is started at the first of them. */
export class WorkerListSource implements ListSource {
  readonly #file: string;
  #worker: Promise<WorkerCalls<ListRequest>> | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  async first(query: ListQuery, idsMax: number): Promise<string> {
    return (await this.#call({ kind: "first", query, idsMax })) as string;
  }

  async open(list: number, query: ListQuery): Promise<ListPage> {
    return (await this.#call({ kind: "open", list, query })) as ListPage;
  }

  async next(list: number): Promise<ListPage> {
    return (await this.#call({ kind: "next", list })) as ListPage;
  }

  /** A worker that can not be told is gone, and holds nothing. */
  free(list: number): void {
    this.#worker?.then((worker) => worker.call({ kind: "free", list })).catch(() => undefined);
  }

  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => null);
    await worker?.close();
  }

  async #call(request: ListRequest): Promise<unknown> {
    return await (await this.#startedWorker()).call(request);
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
