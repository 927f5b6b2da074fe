import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PinoJournal } from "../adapters/journal/pino-journal.ts";
import { openErrorLog } from "../adapters/journal/error-log.ts";
import type { Config } from "../config/config.ts";
import { readConfig } from "../config/config.ts";
import type { Environment } from "../config/env.ts";
import { serveHelp } from "../config/help.ts";
import { describeCertificate } from "./describe-certificate.ts";
import { StartError } from "./start-error.ts";
import type { RunningServer } from "./start-server.ts";
import { startServer } from "./start-server.ts";

/** Exit statuses of `contentlib serve`. */
export const SERVE_EXIT = { ok: 0, failed: 1, usage: 2 } as const;

const PRIVATE_FILE_MODE = 0o600;
const PRIVATE_UMASK = 0o077;
const PASSWORD_FILE = "initial-password";
const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];
/** With TLS this one stops nothing: the certificate is read again, as programs that renew it expect. */
const RELOAD_SIGNAL: StopSignal = "SIGHUP";
/** What a shell reports for a process ended by a signal: 128 and the signal's number. */
const SIGNAL_EXIT = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 } as const;

/** Shows a made-up password on a terminal; elsewhere output is kept in logs, so it goes to a file for the owner only. */
const tellPassword =
  (config: Config, journal: PinoJournal) =>
  (password: string): void => {
    if (process.stdout.isTTY) {
      process.stdout.write(
        `The account administrator has the password ${password}\nIt is shown this once.\n`,
      );
      return;
    }
    const path = join(config.dataDirectory, PASSWORD_FILE);
    rmSync(path, { force: true });
    writeFileSync(path, `${password}\n`, { mode: PRIVATE_FILE_MODE, flag: "wx" });
    journal.note(
      `The first password of the account administrator is in ${path}; remove the file once it is read.`,
    );
  };

const warn = (server: RunningServer, config: Config, journal: PinoJournal): void => {
  if (server.administrator.kind === "found" && server.administrator.matches === false) {
    journal.warn(
      "The password given for the administrator is not the account's password, and is ignored: it counts at the first start only.",
    );
  }
  if (server.profile === "failed" || server.profile === "unreadable") {
    journal.warn(
      `The profile file ${config.profileFile} could not be written: use contentlib login ${server.url}.`,
    );
  }
};

const banner = (server: RunningServer, config: Config): string =>
  [
    `contentlib is ready at ${server.url}`,
    `  data    ${config.dataDirectory}`,
    ...(server.tls === null ? [] : describeCertificate(server.tls.facts).map(indent)),
    ...(server.metricsUrl === null ? [] : [`  metrics ${server.metricsUrl}`]),
    "  try     npx contentlib library create images",
    "",
  ].join("\n");

const indent = (line: string): string => `  ${line}`;

/** Resolves at the first signal to stop; a second one ends the process at once. */
const untilStopped = async (signals: readonly StopSignal[]): Promise<void> =>
  await new Promise<void>((resolve) => {
    let isStopping = false;
    for (const signal of signals) {
      process.on(signal, () => {
        if (isStopping) process.exit(SIGNAL_EXIT[signal]);
        isStopping = true;
        resolve();
      });
    }
  });

const run = async (config: Config, warnings: readonly string[]): Promise<number> => {
  // What the server makes is its own account's business, also in a directory that others may enter.
  process.umask(PRIVATE_UMASK);
  const log = openErrorLog();
  const journal = new PinoJournal(config.logLevel, log);
  for (const warning of warnings) journal.warn(warning);
  const hasTls = config.tls.kind !== "off";
  const stopped = untilStopped(
    STOP_SIGNALS.filter((signal) => !hasTls || signal !== RELOAD_SIGNAL),
  );
  let reload = async (): Promise<void> => undefined;
  if (hasTls) process.on(RELOAD_SIGNAL, () => void reload());
  const server = await startServer({
    dataDirectory: config.dataDirectory,
    listen: config.listen,
    publicUrl: config.publicUrl,
    tls: config.tls,
    trustedProxies: config.trustedProxies,
    corsOrigins: config.corsOrigins,
    metricsListen: config.metricsListen,
    connectionsMax: config.connectionsMax,
    pull: config,
    pullDirectories: config.pullDirectories,
    secretFiles: config.secretFiles,
    isStrict: config.strict,
    settings: config,
    adminPassword: config.adminPassword,
    tellPassword: tellPassword(config, journal),
    operator: journal,
    profileFile: config.profileFile,
    journal,
  });
  reload = async () => await server.tls?.reload();
  warn(server, config, journal);
  process.stdout.write(banner(server, config));
  await stopped;
  journal.note("The server stops: answers under way are finished, transfers are cut.");
  await server.close();
  log.flush();
  return SERVE_EXIT.ok;
};

/**
 * `contentlib serve`: reads the settings, runs the server until a signal stops it, and resolves with the process's exit status.
 * What the operator can mend is one line on standard error.
 */
export const serve = async (argv: readonly string[], env: Environment): Promise<number> => {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(serveHelp());
    return SERVE_EXIT.ok;
  }
  const outcome = readConfig(env, argv);
  if (outcome.kind === "error") {
    process.stderr.write(`contentlib serve: ${outcome.sentence}\n`);
    return SERVE_EXIT.usage;
  }
  try {
    return await run(outcome.config, outcome.warnings);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`contentlib serve: ${error.message}\n`);
    return SERVE_EXIT.failed;
  }
};
