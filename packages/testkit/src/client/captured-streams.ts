import { Readable } from "node:stream";

/** Standard streams that keep what was written to them. */
export interface CapturedStreams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): void; readonly isTTY: boolean; readonly columns: number };
  readonly stderr: { write(text: string): void; readonly isTTY: boolean; readonly columns: number };
  /** What was written to standard output so far. */
  readonly out: () => string;
  /** What was written to standard error so far. */
  readonly err: () => string;
}

/** Streams that are no terminal, with the given text to read. */
export function capturedStreams(input = ""): CapturedStreams {
  let out = "";
  let err = "";
  return {
    stdin: Readable.from([input]),
    stdout: { write: (text) => void (out += text), isTTY: false, columns: 100 },
    stderr: { write: (text) => void (err += text), isTTY: false, columns: 100 },
    out: () => out,
    err: () => err,
  };
}
