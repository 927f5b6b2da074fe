import type { CancelSignal, Clock } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";

/** How long the file system may take, in milliseconds: one of another machine may answer never. */
export const FILE_LIMIT_MS = 30_000;

/** What is waited by, and for whom. */
export interface Waiting {
  readonly clock: Pick<Clock, "sleep">;
  readonly signal: CancelSignal;
  /** The address that is read, as it may be repeated. */
  readonly told: string;
}

/** The work of the file system, unless the signal aborts first or it takes too long. Nobody waits for it then; it may go on. */
export const inTime = async <Result>(
  { clock, signal, told }: Waiting,
  work: Promise<Result>,
): Promise<Result> => {
  const over = new AbortController();
  const ended = Promise.withResolvers<never>();
  const stop = (): void =>
    ended.reject(new RemoteError("cancelled", "The reading of the file was cancelled."));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  clock.sleep(FILE_LIMIT_MS, over.signal).then(
    () => {
      const seconds = FILE_LIMIT_MS / 1000;
      const sentence = `The storage of ${told} has not answered within ${seconds} s.`;
      ended.reject(new RemoteError("timeout", sentence));
    },
    // The work was done in time.
    () => undefined,
  );
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    over.abort();
    signal.removeEventListener("abort", stop);
    work.catch(() => undefined);
    ended.promise.catch(() => undefined);
  }
};
