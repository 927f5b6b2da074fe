import type { Client, ClientOptions } from "@contentlib/client";
import type { Connection, GlobalOptions } from "./connect.ts";
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
  /** Aborts when the user interrupts it again, right before the process ends. */
  readonly insist?: AbortSignal | undefined;
  /** How the server that the options name is reached. Nothing is sent. */
  readonly connection: () => Promise<Connection>;
  /** The client of the server the options name; made once, and logged out when the command ends. */
  readonly connect: (patience?: Pick<ClientOptions, "retryForMs">) => Promise<Client>;
}
