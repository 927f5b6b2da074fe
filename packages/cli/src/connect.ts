import type { Client, ClientOptions } from "@contentlib/client";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
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

/** What the options, the environment and the profile file say of the server and the user. */
export async function clientOptions(
  globals: GlobalOptions,
  env: Environment,
): Promise<ClientOptions> {
  const url = globals.url ?? (env["CONTENTLIB_URL"] || undefined);
  const wire = globals.wire === undefined ? {} : { wire: globals.wire };
  const fromEnvironment = identityFrom(env);
  if (fromEnvironment !== null && url !== undefined) {
    if (fromEnvironment.credentials !== undefined) refuseCleartext(url, globals);
    return { url, ...wire, ...fromEnvironment };
  }
  const profile = pickProfile(
    await readProfiles(profilePath(env)),
    url,
    globals.profile ?? (env["CONTENTLIB_PROFILE"] || undefined),
  );
  if (fromEnvironment !== null) {
    if (fromEnvironment.credentials !== undefined) refuseCleartext(profile.url, globals);
    return { url: profile.url, ...wire, ...fromEnvironment };
  }
  if (profile.token !== undefined) return { url: profile.url, ...wire, token: profile.token };
  if (profile.login !== undefined) return { url: profile.url, ...wire, loginId: profile.login };
  throw notLoggedIn(profile.url);
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

/** A password in clear text may travel within this machine only. */
export function refuseCleartext(url: string, { insecureHttp }: GlobalOptions): void {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== "http:" || insecureHttp || isLoopback(parsed.hostname))
    return;
  throw new Failure(
    EXIT_CODES.usage,
    `${url} is not encrypted: your password could be read on its way.`,
    "Use an https address, or, if you trust the network, add --insecure-http",
  );
}

const isLoopback = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host === "[::1]" ||
  /^127(\.\d{1,3}){3}$/.test(host);
