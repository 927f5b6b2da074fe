import { isSameUrl, profileOf } from "./connect.ts";
import type { GlobalOptions } from "./connect.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { profilePath, readProfiles } from "./profile.ts";
import type { Environment } from "./streams.ts";

/** A server, and the print of its key where that is what it is known by. */
export interface KnownAddress {
  readonly url: string;
  readonly pin: string | undefined;
}

/** The server that the options, the environment and the profile file name, for what needs no login. */
export async function serverOf(globals: GlobalOptions, env: Environment): Promise<KnownAddress> {
  const profiles = await readProfiles(profilePath(env));
  const name = globals.profile ?? (env["CONTENTLIB_PROFILE"] || undefined);
  const named = profiles.profiles[name ?? profiles.current];
  const url = globals.url ?? (env["CONTENTLIB_URL"] || undefined) ?? named?.url;
  if (url === undefined) {
    throw new Failure(
      EXIT_CODES.usage,
      "Which server?",
      "Name it: add --url https://library.example.org",
    );
  }
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ""))
    throw new Failure(EXIT_CODES.usage, `${url} is no address of a server.`);
  const known =
    named !== undefined && isSameUrl(named.url, url) ? named : profileOf(profiles, url, name);
  return { url: url.replace(/\/+$/, ""), pin: env["CONTENTLIB_PIN"] || known?.pin };
}
