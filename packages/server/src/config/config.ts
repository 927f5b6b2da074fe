import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { cloneRootOf } from "./clone-root.ts";
import { parseDuration } from "./duration.ts";
import type { Environment, SettingName } from "./env.ts";
import { SETTINGS } from "./env.ts";
import { parseSwitch, readGiven } from "./given.ts";
import type { ListenAddress } from "./listen-address.ts";
import { isLoopback, parseListenAddress } from "./listen-address.ts";
import { ConfigError, readSecretFile } from "./secrets.ts";

/** Levels of the log, from the most talkative. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** The meaning of all settings. */
export interface Config {
  readonly listen: ListenAddress;
  readonly dataDirectory: string;
  /** Without a trailing slash and with its port; null to follow the Host of each request. */
  readonly publicUrl: string | null;
  readonly sessionTimeoutMs: number;
  readonly sessionRetentionMs: number;
  readonly loginIdleMs: number;
  readonly loginAbsoluteMs: number;
  readonly revisionsKept: number;
  /** Empty when any id will do. */
  readonly datastores: readonly string[];
  /** Null when the operator gave none. */
  readonly adminPassword: string | null;
  readonly profileFile: string;
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

const parsePublicUrl = (text: string): string | null => {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain =
    url.username === "" &&
    url.password === "" &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "";
  if (!plain || (url.protocol !== "http:" && url.protocol !== "https:")) return null;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return `${url.protocol}//${url.hostname}:${port}`;
};

const parseRevisionsKept = (text: string): number | null => {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return count >= REVISIONS_KEPT_MIN && count <= REVISIONS_KEPT_MAX ? count : null;
};

const DATASTORE_ID = new RegExp(`^\\P{Cc}{1,${DATASTORE_ID_CHARACTERS_MAX}}$`, "u");

const parseDatastores = (text: string): readonly string[] | null => {
  if (text.trim() === "") return [];
  const ids = text.split(",").map((id) => id.trim());
  return ids.every((id) => DATASTORE_ID.test(id)) ? ids : null;
};

/** Reads values by their names, gathering what is wrong instead of stopping at the first. */
class Reader {
  readonly problems: string[] = [];
  readonly #given: ReadonlyMap<SettingName, { readonly value: string; readonly source: string }>;

  constructor(
    given: ReadonlyMap<SettingName, { readonly value: string; readonly source: string }>,
  ) {
    this.#given = given;
  }

  text(name: SettingName): string | null {
    return this.#given.get(name)?.value ?? null;
  }

  /** The parsed value, or `fallback` where none is given or the value is bad (and noted). */
  read<Value>(
    name: SettingName,
    fallback: Value,
    parse: (text: string) => Value | null,
    wanted: string,
  ): Value {
    const found = this.#given.get(name);
    if (found === undefined) return fallback;
    const value = parse(found.value);
    if (value !== null) return value;
    this.problems.push(`${found.source} must be ${wanted}, not "${found.value}"`);
    return fallback;
  }

  duration(name: SettingName): number {
    const fallback = parseDuration(SETTINGS[name].fallback) ?? 0;
    return this.read(name, fallback, parseDuration, "a duration such as 90s, 5m or 1h");
  }

  isOn(name: SettingName): boolean {
    return this.read(name, false, parseSwitch, "true or false");
  }
}

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

const readListen = (reader: Reader): ListenAddress => {
  const fallback = parseListenAddress(SETTINGS.listen.fallback) ?? { host: "127.0.0.1", port: 0 };
  const listen = reader.read("listen", fallback, parseListenAddress, "HOST:PORT");
  if (!isLoopback(listen.host) && !reader.isOn("insecureHttp")) {
    reader.problems.push(
      `listening on ${listen.host} lets passwords and content travel unencrypted: add --insecure-http if that is meant`,
    );
  }
  return listen;
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

/** The settings from the environment and the flags of `contentlib serve`; a flag wins over its variable. */
export const readConfig = (
  env: Environment,
  flags: readonly string[],
  place: Place = here(),
): ConfigOutcome => {
  const { given, problems, warnings } = readGiven(env, flags);
  const reader = new Reader(given);
  const config: Config = {
    listen: readListen(reader),
    ...readDirectories(reader, env, place),
    publicUrl: reader.read<string | null>(
      "publicUrl",
      null,
      parsePublicUrl,
      "an http or https URL without a path",
    ),
    sessionTimeoutMs: reader.duration("sessionTimeout"),
    sessionRetentionMs: reader.duration("sessionRetention"),
    loginIdleMs: reader.duration("loginIdleTimeout"),
    loginAbsoluteMs: reader.duration("loginLifetime"),
    revisionsKept: reader.read(
      "revisions",
      Number(SETTINGS.revisions.fallback),
      parseRevisionsKept,
      `a whole number from ${REVISIONS_KEPT_MIN} to ${REVISIONS_KEPT_MAX}`,
    ),
    datastores: reader.read<readonly string[]>(
      "datastores",
      [],
      parseDatastores,
      `ids joined by commas, each of 1 to ${DATASTORE_ID_CHARACTERS_MAX} characters without control characters`,
    ),
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
