import type { DestinationStream } from "pino";
import { destination } from "pino";

const STANDARD_ERROR = 2;

/** Where log lines go: written by the way, so that no request waits for the reader of the log. */
export interface ErrorLog extends DestinationStream {
  /** Writes out what is still in memory, before the process ends. */
  flush(): void;
}

/** The log on standard error. */
export const openErrorLog = (): ErrorLog => {
  const stream = destination({ fd: STANDARD_ERROR, sync: false });
  return { write: (line) => void stream.write(line), flush: () => stream.flushSync() };
};
