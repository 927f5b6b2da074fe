import type { Client, ClientOptions } from "@contentlib/client";
import type { PinnedServer } from "@contentlib/client/node";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { readPin } from "./read-pin.ts";
import { profilePath, readProfiles } from "./profile.ts";
import type { Profile, Profiles } from "./profile.ts";
import type { Environment } from "./streams.ts";

/** Options every command takes. */
export interface GlobalOptions {
  readonly url?: string;
  readonly profile?: string;
  readonly wire?: "api" | "rest";
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly insecureHttp?: boolean;
}

/** Makes a client; tests hand in another. */
export type CreateClient = (options: ClientOptions) => Client;

/** How a command reaches its server, and as whom. */
export interface Connection {
  readonly options: ClientOptions;
  /** The server, where it is known by a pin and not by its certificate. */
  readonly pinned?: PinnedServer;
}

/** What the options, the environment and the profile file say of the server and the user. Sends nothing. */
export async function connectionOf(globals: GlobalOptions, env: Environment): Promise<Connection> {
  const { profile, identity } = await chosen(globals, env);
  if (identity.loginId === undefined) refuseCleartext(profile.url, globals);
  const { url } = profile;
  const wire = globals.wire === undefined ? {} : { wire: globals.wire };
  const options = { url, ...wire, ...identity };
  const pin = await pinFor(profile, env);
  return pin === undefined ? { options } : { options, pinned: { url, pin } };
}

interface Chosen {
  readonly profile: Profile;
  readonly identity: Pick<ClientOptions, "credentials" | "token" | "loginId">;
}

async function chosen(globals: GlobalOptions, env: Environment): Promise<Chosen> {
  const url = globals.url ?? (env["CONTENTLIB_URL"] || undefined);
  const name = globals.profile ?? (env["CONTENTLIB_PROFILE"] || undefined);
  const fromEnvironment = identityFrom(env);
  if (fromEnvironment !== null && url !== undefined) {
    return { profile: await profileBeside(url, name, env), identity: fromEnvironment };
  }
  const profile = pickProfile(await readProfiles(profilePath(env)), url, name);
  if (fromEnvironment !== null) return { profile, identity: fromEnvironment };
  if (profile.token !== undefined) return { profile, identity: { token: profile.token } };
  if (profile.login !== undefined) return { profile, identity: { loginId: profile.login } };
  throw notLoggedIn(profile.url);
}

/**
 * The profile of an address for whoever is named by the environment: only its pin counts. Without a file that can be read
 * there is no pin, and the server's certificate is checked.
 */
async function profileBeside(
  url: string,
  name: string | undefined,
  env: Environment,
): Promise<Profile> {
  if (URL.parse(url)?.protocol !== "https:" || env["CONTENTLIB_PIN"]) return { url };
  const profiles = await readProfiles(profilePath(env)).catch(() => undefined);
  const pin = profiles && profileOf(profiles, url, name)?.pin;
  return pin === undefined ? { url } : { url, pin };
}

/** The environment's pin counts for whichever server is talked to: it can refuse one, and never lets a stranger in. */
async function pinFor({ url, pin }: Profile, env: Environment): Promise<string | undefined> {
  const given = env["CONTENTLIB_PIN"] || undefined;
  if (given !== undefined && URL.parse(url)?.protocol !== "https:") {
    throw new Failure(
      EXIT_CODES.usage,
      `CONTENTLIB_PIN names the key of a server, and ${url} is not encrypted.`,
      "Use an https address, or unset CONTENTLIB_PIN",
    );
  }
  if (given !== undefined) await readPin(given, "CONTENTLIB_PIN");
  else if (pin !== undefined) await readPin(pin, `The profile of ${url}`);
  return given ?? pin;
}

/** The profile of an address: the named one if it is of that address, else the first that is. */
export function profileOf(
  { profiles }: Profiles,
  url: string,
  name: string | undefined,
): Profile | undefined {
  const named = name === undefined ? undefined : profiles[name];
  if (named !== undefined && isSameUrl(named.url, url)) return named;
  return Object.values(profiles).find((profile) => isSameUrl(profile.url, url));
}

/** What to do where the server did not take what one is known by, wherever that came from. */
export function loginHint(url: string, env: Environment): string {
  if (env["CONTENTLIB_TOKEN"])
    return `CONTENTLIB_TOKEN is not, or no longer, a token of ${url}, or its user is disabled. It counts before any login: set it anew, or unset it and log in: contentlib login ${url}`;
  if (identityFrom(env) !== null)
    return `CONTENTLIB_USER and CONTENTLIB_PASSWORD are not, or no longer, right for ${url}. They count before any login: set them anew, or unset them and log in: contentlib login ${url}`;
  return `Log in again: contentlib login ${url}`;
}

function identityFrom(env: Environment): Pick<ClientOptions, "credentials" | "token"> | null {
  const token = env["CONTENTLIB_TOKEN"];
  if (token) return { token };
  const userName = env["CONTENTLIB_USER"];
  const password = env["CONTENTLIB_PASSWORD"];
  if (userName && password) return { credentials: { userName, password } };
  return null;
}

function pickProfile(
  { current, profiles }: Profiles,
  url: string | undefined,
  name: string | undefined,
): Profile {
  if (name !== undefined) {
    const named = profiles[name];
    if (named === undefined) {
      const known = Object.keys(profiles).join(", ") || "none";
      throw new Failure(EXIT_CODES.usage, `There is no profile ${name}; known are: ${known}.`);
    }
    return url === undefined || isSameUrl(named.url, url) ? named : { url };
  }
  if (url !== undefined) {
    return Object.values(profiles).find((profile) => isSameUrl(profile.url, url)) ?? { url };
  }
  const picked = profiles[current];
  if (picked !== undefined) return picked;
  throw new Failure(
    EXIT_CODES.login,
    "No server is known yet.",
    "Start one here: contentlib serve; or log in to another: contentlib login URL",
  );
}

/** Whether two addresses mean the same server. */
export const isSameUrl = (one: string, other: string): boolean => trimmed(one) === trimmed(other);

const trimmed = (url: string): string => (URL.parse(url)?.href ?? url).replace(/\/+$/, "");

const notLoggedIn = (url: string): Failure =>
  new Failure(
    EXIT_CODES.login,
    `You are not logged in at ${url}.`,
    `Log in: contentlib login ${url}`,
  );

/** A password, or a token in its place, may travel in clear text within this machine only. */
export function refuseCleartext(url: string, { insecureHttp }: GlobalOptions): void {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== "http:" || insecureHttp || isLoopback(parsed.hostname))
    return;
  throw new Failure(
    EXIT_CODES.usage,
    `${url} is not encrypted: your password or token could be read on its way.`,
    "Use an https address, or, if you trust the network, add --insecure-http",
  );
}

const isLoopback = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host === "[::1]" ||
  /^127(\.\d{1,3}){3}$/.test(host);
