import type { CommandContext } from "../command-context.ts";
import { isSameUrl, profileOf, refuseCleartext } from "../connect.ts";
import type { CreateClient } from "../connect.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure, isUnauthenticated, Retold } from "../failure.ts";
import { openPinnedFetch } from "../pinned-fetch.ts";
import { profilePath, readProfiles, writeProfiles } from "../profile.ts";
import type { Profiles } from "../profile.ts";
import { ask, readPassword } from "../prompt.ts";
import type { Environment } from "../streams.ts";
import { trustServer } from "../trust-server.ts";
import type { KnownServer } from "../trust-server.ts";

/** Options of `contentlib login`. */
export interface LoginOptions {
  readonly user?: string;
  readonly passwordStdin?: boolean;
  readonly fingerprint?: string;
}

/**
 * `contentlib login [URL]`: logs in and keeps the login in the profile file. The password itself is kept nowhere, and is not
 * even asked for before the server's certificate was judged.
 */
export async function login(
  context: CommandContext,
  createClient: CreateClient,
  address: string | undefined,
  options: LoginOptions,
): Promise<void> {
  const { env, globals, output } = context;
  const path = profilePath(env);
  const present = await readProfiles(path);
  const url = checkedUrl(
    address ??
      globals.url ??
      (env["CONTENTLIB_URL"] || undefined) ??
      present.profiles[present.current]?.url,
  );
  refuseCleartext(url, globals);
  const wanted = globals.profile ?? (env["CONTENTLIB_PROFILE"] || undefined);
  const known = profileOf(present, url, wanted)?.pin;
  const pin = await trustServer(context, { url, pin: known, named: namedBy(options, env) });
  const { loginId, user } = await logIn(context, createClient, { url, pin }, options);
  const name = wanted ?? profileNameFor(present, url);
  const profile = { url, login: loginId, user, ...(pin === undefined ? {} : { pin }) };
  await writeProfiles(path, { current: name, profiles: { ...present.profiles, [name]: profile } });
  output.result({ changed: true, url, user, profile: name, profile_file: path, pin: pin ?? null }, [
    `Logged in at ${url} as ${user}.`,
    `The login is kept in ${path} as profile ${name}; it ends when it is not used for a while (30 minutes, unless the server says otherwise).`,
    ...(pin === undefined ? [] : [`The server is known by its key from now on: ${pin}.`]),
  ]);
}

function namedBy({ fingerprint }: LoginOptions, env: Environment): KnownServer["named"] {
  if (fingerprint !== undefined) return { print: fingerprint, by: "--fingerprint" };
  const print = env["CONTENTLIB_PIN"];
  return print ? { print, by: "CONTENTLIB_PIN" } : undefined;
}

async function logIn(
  context: CommandContext,
  createClient: CreateClient,
  { url, pin }: { readonly url: string; readonly pin: string | undefined },
  options: LoginOptions,
): Promise<{ readonly loginId: string; readonly user: string }> {
  const credentials = await askCredentials(context, options);
  const wire = context.globals.wire === undefined ? {} : { wire: context.globals.wire };
  const pinned = pin === undefined ? undefined : await openPinnedFetch({ url, pin });
  const base = { url, ...wire, ...(pinned === undefined ? {} : { fetch: pinned.fetch }) };
  try {
    const loginId = await createClient({ ...base, credentials }).loginId(context.signal);
    const { user } = await createClient({ ...base, loginId }).login.get({ signal: context.signal });
    return { loginId, user };
  } catch (error) {
    if (!isUnauthenticated(error)) throw error;
    throw new Retold(
      error,
      `Check the name and the password, and try again: contentlib login ${url}`,
    );
  } finally {
    await pinned?.close();
  }
}

function checkedUrl(url: string | undefined): string {
  if (url === undefined) {
    throw new Failure(
      EXIT_CODES.usage,
      "Which server?",
      "Name it: contentlib login https://library.example.org",
    );
  }
  const parsed = URL.parse(url);
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return withoutPath(url, parsed);
  throw new Failure(
    EXIT_CODES.usage,
    `${url} is no address of a server.`,
    "It begins with https:// or http://",
  );
}

/** The API is at the root of a server. */
function withoutPath(url: string, { origin, pathname, search, hash }: URL): string {
  if (pathname === "/" && search === "" && hash === "") return url.replace(/\/+$/, "");
  throw new Failure(
    EXIT_CODES.usage,
    `${url} is no address of a server: that is scheme, host and port, without a path.`,
    `Name it so: contentlib login ${origin}`,
  );
}

async function askCredentials(
  { env, streams, signal }: CommandContext,
  options: LoginOptions,
): Promise<{ readonly userName: string; readonly password: string }> {
  const userName =
    options.user ??
    (env["CONTENTLIB_USER"] || undefined) ??
    (await ask(streams, "User: ", { isHidden: false, signal }));
  if (options.passwordStdin) return { userName, password: await readPassword(streams) };
  const given = env["CONTENTLIB_PASSWORD"];
  const password =
    given || (await ask(streams, `Password of ${userName}: `, { isHidden: true, signal }));
  return { userName, password };
}

/** A server keeps the profile name it has; the first server gets `default`, each other one its host and port. */
function profileNameFor({ profiles }: Profiles, url: string): string {
  const known = Object.entries(profiles).find(([, profile]) => isSameUrl(profile.url, url));
  if (known !== undefined) return known[0];
  return Object.keys(profiles).length === 0 ? "default" : new URL(url).host;
}
