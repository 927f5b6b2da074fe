import type { Output } from "./output.ts";
import type { OutputStream } from "./streams.ts";

/** One line at the end of a terminal that is written over again and again. */
export interface LiveLine {
  /** Whether there is anybody to see it. */
  readonly isShown: boolean;
  show(line: string): void;
  /** Takes it away, so that other lines can be written. */
  clear(): void;
}

/** Width of a terminal that does not tell its own. */
const COLUMNS = 80;
/** Back to the beginning of the line, and empty it. */
const EMPTY_LINE = "\r\u001b[2K";

/** A live line on a terminal; nothing where there is none, or where programs read. */
export function startLiveLine(output: Output, stream: OutputStream): LiveLine {
  const isShown = !output.isJson && stream.isTTY === true;
  let isThere = false;
  return {
    isShown,
    show(line) {
      if (!isShown) return;
      const width = (stream.columns ?? COLUMNS) - 1;
      stream.write(`${EMPTY_LINE}${[...line].slice(0, width).join("")}`);
      isThere = true;
    },
    clear() {
      if (isThere) stream.write(EMPTY_LINE);
      isThere = false;
    },
  };
}
