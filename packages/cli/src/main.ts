import process from "node:process";
import { setTimeout as after } from "node:timers";
import { EXIT_CODES } from "./exit-codes.ts";
import { run } from "./run.ts";

// Importing this file is running the command: bin/contentlib.mjs does it once it has a Node that is new enough.
const interrupt = new AbortController();
const insist = new AbortController();
/** How long a completion may take in all, in milliseconds. */
const COMPLETION_MAX_MS = 1_200;
const isServer = process.argv[2] === "serve";

// Node's switch that turns the check of certificates off: a password or a token would go to anybody.
delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];

// The server has its own way of stopping. Everything else ends its session first; whoever insists is let go.
if (!isServer) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!interrupt.signal.aborted) return interrupt.abort();
      insist.abort();
      process.exit(EXIT_CODES.interrupted);
    });
  }
}

// Somebody waits at the keyboard for a completion: a server that does not answer, or a login that can not be ended, is left.
if (process.argv[2] === "__complete")
  after(() => process.exit(EXIT_CODES.ok), COMPLETION_MAX_MS).unref();

// A reader that has seen enough (`contentlib ls | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT_CODES.ok);
});

process.exitCode = await run(process.argv.slice(2), process, process.env, {
  signal: interrupt.signal,
  insist: insist.signal,
});
