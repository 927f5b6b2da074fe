import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { nameWord, shellWord, tableLines } from "../output.ts";
import { profilePath, readProfiles, writeProfiles } from "../profile.ts";
import type { Profile, Profiles } from "../profile.ts";

/** A profile as it is shown: without what proves who one is. */
const shown = (name: string, profile: Profile, current: string) => ({
  name,
  url: profile.url,
  user: profile.user ?? null,
  pin: profile.pin ?? null,
  kept: profile.token !== undefined ? "token" : profile.login !== undefined ? "login" : null,
  current: name === current,
});

/** `contentlib profile ls`: the servers this user works with. */
export async function profileLs({ env, output }: CommandContext): Promise<void> {
  const path = profilePath(env);
  const { current, profiles } = await readProfiles(path);
  const list = Object.entries(profiles).map(([name, profile]) => shown(name, profile, current));
  const rows = list.map((one) => [
    one.current ? "*" : "",
    shellWord(one.name),
    one.url,
    one.user ?? "-",
    one.kept ?? "-",
    one.pin === null ? "-" : "pinned",
  ]);
  const lines =
    rows.length === 0
      ? ["There are no profiles yet. Make one: contentlib login URL"]
      : tableLines([["", "PROFILE", "SERVER", "USER", "KEPT", "KEY"], ...rows]);
  output.result({ profile_file: path, profiles: list }, lines);
}

/** `contentlib profile use NAME`: makes a profile the one that counts when none is named. */
export async function profileUse({ env, output }: CommandContext, name: string): Promise<void> {
  const path = profilePath(env);
  const all = await readProfiles(path);
  const profile = named(all, name);
  const changed = all.current !== name;
  if (changed) await writeProfiles(path, { ...all, current: name });
  output.result({ changed, profile: shown(name, profile, name) }, [
    `Profile ${name} is in use: ${profile.url}.`,
  ]);
}

/** `contentlib profile rm NAME`: forgets a server, and the token or login kept for it. */
export async function profileRm({ env, output }: CommandContext, name: string): Promise<void> {
  const path = profilePath(env);
  const all = await readProfiles(path);
  const profile = named(all, name);
  const { [name]: _, ...profiles } = all.profiles;
  await writeProfiles(path, { current: all.current, profiles });
  output.result({ changed: true, removed: shown(name, profile, all.current) }, [
    `Profile ${name} removed.`,
  ]);
  const [next] = Object.keys(profiles);
  if (all.current === name && next !== undefined)
    output.note(`None is in use now: contentlib profile use ${nameWord(next)}`);
}

function named({ profiles }: Profiles, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  throw new Failure(
    EXIT_CODES.notFound,
    `There is no profile ${name}.`,
    "List them: contentlib profile ls",
  );
}
