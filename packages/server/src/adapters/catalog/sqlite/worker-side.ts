import { type MessagePort, parentPort, receiveMessageOnPort } from "node:worker_threads";
import { type Call, type CarriedError, carryError, type Reply } from "./calls.ts";

/** What the main thread tells a worker. */
export type ToWorker<Request> =
  | { readonly kind: "calls"; readonly batch: readonly Call<Request>[] }
  | { readonly kind: "close" };

/** What a worker tells the main thread; the first message is `ready` or `failed`. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly error: CarriedError; readonly foundVersion?: number }
  | {
      readonly kind: "replies";
      readonly replies: readonly Reply[];
      /** What the group took, where the service tells that. */
      readonly figures?: unknown;
    };

/** What a worker serves its calls with. */
export interface Service<Request> {
  /** Answers the calls in groups; each group of replies is sent as soon as it is there. */
  run(calls: readonly Call<Request>[]): Iterable<readonly Reply[]>;
  /** Plain data about the group whose replies have just been given. */
  takeFigures?(): unknown;
  close(): void;
}

/** Everything that has come in by now: a commit that takes its time makes the next group larger. */
const drain = <Request>(
  port: MessagePort,
  first: ToWorker<Request>,
): readonly ToWorker<Request>[] => {
  const messages = [first];
  for (;;) {
    const next = receiveMessageOnPort(port);
    if (next === undefined) return messages;
    messages.push(next.message);
  }
};

/** Runs inside a worker: opens the service and serves calls until told to close. */
export const serveCalls = <Request>(
  open: () => Service<Request>,
  describeFailure: (error: unknown) => { readonly foundVersion?: number } = () => ({}),
): void => {
  const port = parentPort;
  if (port === null) throw new Error("This module runs in a worker thread only.");
  const tell = (message: FromWorker): void => port.postMessage(message);
  let service: Service<Request>;
  try {
    service = open();
  } catch (error) {
    tell({ kind: "failed", error: carryError(error), ...describeFailure(error) });
    port.close();
    return;
  }
  port.on("message", (first: ToWorker<Request>) => {
    const messages = drain(port, first);
    const calls = messages.flatMap((message) => (message.kind === "calls" ? message.batch : []));
    for (const replies of service.run(calls))
      tell({ kind: "replies", replies, figures: service.takeFigures?.() });
    if (!messages.some(({ kind }) => kind === "close")) return;
    service.close();
    port.close();
  });
  tell({ kind: "ready" });
};
