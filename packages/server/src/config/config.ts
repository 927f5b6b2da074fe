import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { cloneRootOf } from "./clone-root.ts";
import type { Environment } from "./env.ts";
import { SETTINGS } from "./env.ts";
import { readGiven } from "./given.ts";
import type { NetworkConfig } from "./network.ts";
import { readNetwork } from "./network.ts";
import type { PullDirectoriesConfig } from "./pull-directories.ts";
import { readPullDirectories } from "./pull-directories.ts";
import type { PullConfig } from "./pull-rules.ts";
import { readPull } from "./pull-rules.ts";
import { Reader } from "./reader.ts";
import { ConfigError, readSecretFile } from "./secrets.ts";

/** Levels of the log, from the most talkative. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** The meaning of all settings. */
export interface Config extends NetworkConfig, PullConfig, PullDirectoriesConfig {
  readonly dataDirectory: string;
  readonly sessionTimeoutMs: number;
  readonly sessionRetentionMs: number;
  readonly loginIdleMs: number;
  readonly loginAbsoluteMs: number;
  readonly revisionsKept: number;
  /** Empty when any id will do. */
  readonly datastores: readonly string[];
  /** 0 keeps nothing. */
  readonly partialTtlMs: number;
  readonly auditKeptMs: number;
  /** Null when the operator gave none. */
  readonly adminPassword: string | null;
  readonly profileFile: string;
  /** Files that hold secrets of the server and its operator, wherever they lie. */
  readonly secretFiles: readonly string[];
  readonly strict: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** What reading the settings leads to: a configuration with warnings, or one line that says all that is wrong. */
export type ConfigOutcome =
  | { readonly kind: "config"; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly kind: "error"; readonly sentence: string };

/** Where this process runs: decides the places that no setting names. */
export interface Place {
  /** Root of the clone that the source lies in; null when it is installed. */
  readonly cloneRoot: string | null;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
}

const PASSWORD_CHARACTERS_MAX = 200;

/** Bounds of the domain, which this layer does not see; a test holds them together. */
export const REVISIONS_KEPT_MIN = 1;
export const REVISIONS_KEPT_MAX = 1_000;
export const DATASTORE_ID_CHARACTERS_MAX = 256;

const DAY_MS = 24 * 3_600_000;
/** A hundred years: longer than anybody keeps a trail, and well inside what dates can hold. */
const AUDIT_DAYS_MAX = 36_500;

const here = (): Place => ({
  cloneRoot: cloneRootOf(import.meta.dirname),
  homeDirectory: homedir(),
  workingDirectory: process.cwd(),
});

const baseDirectory = (
  env: Environment,
  variable: string,
  home: string,
  ...fallback: readonly string[]
): string => {
  const given = env[variable];
  return given !== undefined && given.startsWith("/") ? given : join(home, ...fallback);
};

const DATASTORE_ID = new RegExp(`^\\P{Cc}{1,${DATASTORE_ID_CHARACTERS_MAX}}$`, "u");

const parseDatastores = (text: string): readonly string[] | null => {
  if (text.trim() === "") return [];
  const ids = text.split(",").map((id) => id.trim());
  return ids.every((id) => DATASTORE_ID.test(id)) ? ids : null;
};

const readPassword = (reader: Reader, workingDirectory: string): string | null => {
  const password = reader.text("adminPassword");
  const file = reader.text("adminPasswordFile");
  if (password !== null && file !== null) {
    reader.problems.push(
      "only one of CONTENTLIB_ADMIN_PASSWORD and CONTENTLIB_ADMIN_PASSWORD_FILE may be set",
    );
    return null;
  }
  try {
    const secret = file === null ? password : readSecretFile(resolve(workingDirectory, file));
    if (secret === null || secret.length <= PASSWORD_CHARACTERS_MAX) return secret;
    reader.problems.push(
      `the password of the administrator has more than ${PASSWORD_CHARACTERS_MAX} characters`,
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    reader.problems.push(error.message);
  }
  return null;
};

const readDirectories = (
  reader: Reader,
  env: Environment,
  place: Place,
): Pick<Config, "dataDirectory" | "profileFile"> => {
  const { cloneRoot, homeDirectory: home, workingDirectory } = place;
  const dataDirectory =
    cloneRoot === null
      ? join(baseDirectory(env, "XDG_DATA_HOME", home, ".local", "share"), "contentlib")
      : join(cloneRoot, ".data");
  const profileFile = join(
    baseDirectory(env, "XDG_CONFIG_HOME", home, ".config"),
    "contentlib",
    "profiles.json",
  );
  return {
    dataDirectory: resolve(workingDirectory, reader.text("data") ?? dataDirectory),
    profileFile: resolve(workingDirectory, reader.text("profileFile") ?? profileFile),
  };
};

/** All that may hold a secret outside of the data directory. */
const readSecretFiles = (
  reader: Reader,
  { workingDirectory }: Place,
  profileFile: string,
): Pick<Config, "secretFiles"> => {
  const named = [reader.text("adminPasswordFile"), reader.text("tlsKey")];
  const files = named.flatMap((file) => (file === null ? [] : [resolve(workingDirectory, file)]));
  return { secretFiles: [profileFile, ...files] };
};

/** Where a command that starts no server finds the server's certificate. */
export interface TlsPlace {
  readonly dataDirectory: string;
  /** The file of the settings; null where a data directory was named, or the settings name no file. */
  readonly certFile: string | null;
}

/** The place in `data` where it is given, else that of the settings in the environment. */
export const readTlsPlace = (
  env: Environment,
  data: string | undefined,
  place: Place = here(),
): TlsPlace => {
  const flags = data === undefined ? [] : [`${SETTINGS.data.flag}=${data}`];
  const reader = new Reader(readGiven(env, flags).given);
  const certFile = data === undefined ? reader.text("tlsCert") : null;
  return {
    dataDirectory: readDirectories(reader, env, place).dataDirectory,
    certFile: certFile === null ? null : resolve(place.workingDirectory, certFile),
  };
};

/** The settings from the environment and the flags of `contentlib serve`; a flag wins over its variable. */
export const readConfig = (
  env: Environment,
  flags: readonly string[],
  place: Place = here(),
): ConfigOutcome => {
  const { given, problems, warnings } = readGiven(env, flags);
  const reader = new Reader(given);
  const directories = readDirectories(reader, env, place);
  const config: Config = {
    ...readNetwork(reader, place.workingDirectory),
    ...readPull(reader),
    ...readPullDirectories(reader),
    ...directories,
    ...readSecretFiles(reader, place, directories.profileFile),
    sessionTimeoutMs: reader.duration("sessionTimeout"),
    sessionRetentionMs: reader.duration("sessionRetention"),
    loginIdleMs: reader.duration("loginIdleTimeout"),
    loginAbsoluteMs: reader.duration("loginLifetime"),
    revisionsKept: reader.wholeNumber("revisions", {
      min: REVISIONS_KEPT_MIN,
      max: REVISIONS_KEPT_MAX,
    }),
    datastores: reader.read<readonly string[]>(
      "datastores",
      [],
      parseDatastores,
      `ids joined by commas, each of 1 to ${DATASTORE_ID_CHARACTERS_MAX} characters without control characters`,
    ),
    partialTtlMs: reader.durationOrNone("partialTtl"),
    auditKeptMs: reader.wholeNumber("auditDays", { min: 1, max: AUDIT_DAYS_MAX }) * DAY_MS,
    adminPassword: readPassword(reader, place.workingDirectory),
    strict: reader.isOn("strict"),
    logLevel: reader.read(
      "logLevel",
      "info",
      (text) => LOG_LEVELS.find((level) => level === text.toLowerCase()) ?? null,
      `one of ${LOG_LEVELS.join(", ")}`,
    ),
  };
  const wrong = [...problems, ...reader.problems];
  if (wrong.length > 0)
    return { kind: "error", sentence: `The settings are wrong: ${wrong.join("; ")}.` };
  return { kind: "config", config, warnings };
};
