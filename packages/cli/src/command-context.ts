import type { Client } from "@contentlib/client";
import type { GlobalOptions } from "./connect.ts";
import type { Output } from "./output.ts";
import type { Environment, Streams } from "./streams.ts";

/** What a command gets to work with. */
export interface CommandContext {
  readonly globals: GlobalOptions;
  readonly env: Environment;
  readonly streams: Streams;
  readonly output: Output;
  /** Aborts when the user interrupts the command. */
  readonly signal: AbortSignal;
  /** The client of the server the options name; made once, and logged out when the command ends. */
  readonly connect: () => Promise<Client>;
}
