import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Instant } from "../../../domain/ids.ts";
import { PortError } from "../../../ports/port-error.ts";
import { CallQueue, revealError } from "./calls.ts";
import { NewerCatalogError, TABLES_VERSION } from "./migrations.ts";
import type { FromWorker, ToWorker } from "./worker-side.ts";

/** The sibling module of that name: TypeScript when the source runs, JavaScript when the published form does. */
export const siblingModule = (name: string): URL =>
  new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);

const closedError = (): PortError => new PortError("unavailable", "The catalog is closed.");

/** What is said where the worker has died. */
interface Death {
  readonly sentence: string;
  readonly retry: "never" | "safe";
}

const FINAL_DEATH: Death = {
  sentence: "The thread that serves the catalog has died; the server must be started again.",
  retry: "never",
};

interface WorkerOptions {
  readonly workerData: unknown;
  readonly now: () => Instant;
  /** What the calls are refused with that the worker can not answer any more. */
  readonly death?: Death;
  /** Called when the worker ends, for whatever reason, before the first of its calls is refused. */
  readonly onEnd?: () => void;
  /** Told what a group of calls took, where the worker tells that. */
  readonly onFigures?: (figures: unknown) => void;
}

const deadError = ({ death = FINAL_DEATH }: WorkerOptions, cause?: unknown): PortError =>
  new PortError("unavailable", death.sentence, { retry: death.retry, cause });

/** Calls into a worker thread. When the worker dies, all waiting and later calls are rejected as `unavailable`. */
export class WorkerCalls<Request> {
  readonly #worker: Worker;
  readonly #queue: CallQueue<Request>;
  readonly #options: WorkerOptions;
  readonly #exited: Promise<void>;

  private constructor(worker: Worker, options: WorkerOptions) {
    this.#worker = worker;
    this.#options = options;
    this.#queue = new CallQueue<Request>({
      now: options.now,
      deliver: (batch) => this.#tell({ kind: "calls", batch }),
    });
    this.#exited = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#end();
        resolve();
      });
    });
    worker.once("error", (error) => this.#end(error));
  }

  /** Starts the worker and waits until it serves. */
  static async start<Request>(module: URL, options: WorkerOptions): Promise<WorkerCalls<Request>> {
    const worker = new Worker(module, { workerData: options.workerData });
    const calls = new WorkerCalls<Request>(worker, options);
    await calls.#ready();
    return calls;
  }

  async call(request: Request): Promise<unknown> {
    return await this.#queue.call(request);
  }

  /** Lets the calls made so far end, then ends the worker. */
  async close(): Promise<void> {
    this.#queue.flush();
    this.#queue.shut(closedError());
    this.#tell({ kind: "close" });
    await this.#exited;
  }

  #end(cause?: unknown): void {
    this.#options.onEnd?.();
    this.#queue.refuse(deadError(this.#options, cause));
  }

  #tell(message: ToWorker<Request>): void {
    this.#worker.postMessage(message);
  }

  async #ready(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#worker.once("error", reject);
    this.#worker.once("exit", () => reject(deadError(this.#options)));
    this.#worker.on("message", (message: FromWorker) => {
      switch (message.kind) {
        case "ready":
          resolve();
          return;
        case "failed":
          reject(
            message.foundVersion === undefined
              ? revealError(message.error)
              : new NewerCatalogError(message.foundVersion, TABLES_VERSION),
          );
          return;
        case "replies":
          this.#queue.settle(message.replies);
          if (message.figures !== undefined) this.#options.onFigures?.(message.figures);
      }
    });
    await promise;
  }
}
