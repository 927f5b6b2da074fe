import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { AccessToken } from "../domain/account.ts";
import type { AccountId } from "../domain/ids.ts";
import { invariant } from "../domain/invariant.ts";
import type { Catalog, Clock, IdSource, SecretDigest } from "../ports/index.ts";
import { systemCodeOf } from "./start-error.ts";

/** One server the user works with, as the command line keeps it; members we do not know stay as they are. */
interface Profile {
  readonly url: string;
  readonly token?: string;
  readonly login?: string;
  readonly pin?: string;
}

interface Profiles {
  readonly current: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

const DEFAULT_NAME = "default";
const TOKEN_LABEL = "own profile";
const PRIVATE_FILE_MODE = 0o600;
const PRIVATE_DIRECTORY_MODE = 0o700;

/** What writing the profile needs. */
export interface OwnProfileNeeds {
  readonly path: string;
  readonly url: string;
  /** Print of the server's key (`sha256//...`) where its certificate is its own work, and so trusted by nobody yet. */
  readonly pin?: string | undefined;
  readonly accountId: AccountId;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly digest: SecretDigest;
}

/** What became of the profile: written, or left alone because the file is not ours to mend. */
export type OwnProfileOutcome = "written" | "unreadable";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isProfile = (value: unknown): boolean => isRecord(value) && typeof value["url"] === "string";

const parseProfiles = (text: string): Profiles | null => {
  const value: unknown = JSON.parse(text);
  if (
    !isRecord(value) ||
    !isRecord(value["profiles"]) ||
    !Object.values(value["profiles"]).every(isProfile)
  )
    return null;
  return { current: DEFAULT_NAME, ...value } as Profiles;
};

const readProfiles = (path: string): Profiles | null => {
  try {
    return parseProfiles(readFileSync(path, "utf8"));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return { current: DEFAULT_NAME, profiles: {} };
    if (error instanceof SyntaxError) return null;
    throw error;
  }
};

/** In one step, and for its owner's eyes only from the first byte on. */
const writeProfiles = (path: string, profiles: Profiles): void => {
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY_MODE });
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${JSON.stringify(profiles, null, 2)}\n`, {
      mode: PRIVATE_FILE_MODE,
      flag: "wx",
    });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
};

const sameServer = (profile: Profile, url: string): boolean =>
  profile.url.replace("//localhost:", "//127.0.0.1:").replace(/\/+$/, "") ===
  url.replace("//localhost:", "//127.0.0.1:");

const freeName = (profiles: Profiles["profiles"], url: string): string => {
  const host = url.replace(/^https?:\/\//, "");
  return Object.hasOwn(profiles, DEFAULT_NAME) ? host : DEFAULT_NAME;
};

/**
 * Lets the command line of the same account work at once: a profile with this server's address and a fresh token, which can be
 * revoked. It is for the first start alone: a later one would give back what an administrator has revoked since. A profile of
 * this address is of a server that is gone and gets the token, and profiles of other addresses are left alone.
 */
export const writeOwnProfile = async (needs: OwnProfileNeeds): Promise<OwnProfileOutcome> => {
  const { path, url, pin, accountId, catalog, clock, ids, digest } = needs;
  const present = readProfiles(path);
  if (present === null) return "unreadable";
  const known = Object.entries(present.profiles).find(([, profile]) => sameServer(profile, url));
  const token = ids.accessToken();
  const kept: AccessToken = {
    id: ids.tokenId(),
    hash: digest.digest(token),
    accountId,
    label: TOKEN_LABEL,
    createdAt: clock.now(),
  };
  const outcome = await catalog.commit([{ kind: "token.put", token: kept }]);
  invariant(outcome.kind === "committed", "Nobody else makes tokens while the server starts.");
  const { login: _dead, pin: _old, ...rest } = known?.[1] ?? { url };
  const name = known?.[0] ?? freeName(present.profiles, url);
  const isFirst = Object.keys(present.profiles).length === 0;
  writeProfiles(path, {
    ...present,
    current: isFirst ? name : present.current,
    profiles: {
      ...present.profiles,
      [name]: { ...rest, token, ...(pin === undefined ? {} : { pin }) },
    },
  });
  return "written";
};
