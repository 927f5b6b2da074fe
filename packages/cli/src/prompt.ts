import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import type { Streams } from "./streams.ts";

/** Asks a person on the terminal. What is typed for a hidden question does not appear. */
export async function ask(
  { stdin, stderr }: Streams,
  question: string,
  options: {
    readonly isHidden: boolean;
    readonly signal: AbortSignal;
    /** What to do where there is no terminal. */
    readonly otherwise?: string;
  },
): Promise<string> {
  if (!stdin.isTTY) {
    throw new Failure(
      EXIT_CODES.usage,
      "There is no terminal to ask on.",
      options.otherwise ??
        "Give the name with --user and the password on standard input with --password-stdin",
    );
  }
  let isMuted = false;
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) stderr.write(chunk.toString());
      done();
    },
  });
  const terminal = createInterface({ input: stdin, output: echo, terminal: true });
  const interrupted = new AbortController();
  terminal.once("SIGINT", () => interrupted.abort());
  try {
    const answer = terminal.question(question, {
      signal: AbortSignal.any([options.signal, interrupted.signal]),
    });
    isMuted = options.isHidden;
    return await answer;
  } catch (error) {
    if (interrupted.signal.aborted)
      throw new Failure(EXIT_CODES.interrupted, "Interrupted.", "Nothing was done.");
    throw error;
  } finally {
    terminal.close();
    if (isMuted) stderr.write("\n");
  }
}

/** All of standard input without its last line end: a password another program hands over. */
export const readPassword = async ({ stdin }: Streams): Promise<string> =>
  (await text(stdin)).replace(/\r?\n$/, "");
