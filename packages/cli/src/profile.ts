import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import type { Environment } from "./streams.ts";

/** A server this user works with, and what proves who they are there: a token, or the id of a login. */
export interface Profile {
  readonly url: string;
  readonly token?: string;
  readonly login?: string;
  readonly user?: string;
  /** Print of the server's key (`sha256//...`) where that is what the server is known by; absent where its certificate is. */
  readonly pin?: string;
}

/** The profile file: all profiles by name, and the one that counts when none is named. */
export interface Profiles {
  readonly current: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** Where the profile file is; a server that first starts writes the same file for its own user. */
export function profilePath(env: Environment): string {
  const named = env["CONTENTLIB_PROFILE_FILE"];
  if (named) return named;
  const given = env["XDG_CONFIG_HOME"];
  const config = given?.startsWith("/") ? given : join(env["HOME"] || homedir(), ".config");
  return join(config, "contentlib", "profiles.json");
}

/** Reads the profiles; none where there is no file. Throws Failure for a file that makes no sense. */
export async function readProfiles(path: string): Promise<Profiles> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { current: "default", profiles: {} };
    throw error;
  }
  const parsed = parseProfiles(text);
  if (parsed !== null) return parsed;
  throw new Failure(
    EXIT_CODES.error,
    `The profile file ${path} can not be read.`,
    "Mend or remove it, then: contentlib login URL",
  );
}

function parseProfiles(text: string): Profiles | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || !isRecord(value["profiles"])) return null;
  const profiles: Record<string, Profile> = {};
  for (const [name, entry] of Object.entries(value["profiles"])) {
    if (!isRecord(entry) || typeof entry["url"] !== "string") return null;
    profiles[name] = {
      url: entry["url"],
      ...member("token", entry["token"]),
      ...member("login", entry["login"]),
      ...member("user", entry["user"]),
      ...member("pin", entry["pin"]),
    };
  }
  const current = value["current"];
  return { current: typeof current === "string" ? current : "default", profiles };
}

const member = <Name extends string>(
  name: Name,
  value: unknown,
): { readonly [Key in Name]?: string } =>
  typeof value === "string" ? ({ [name]: value } as { readonly [Key in Name]: string }) : {};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Writes the profiles in one step, readable by their user only: they hold secrets. */
export async function writeProfiles(path: string, profiles: Profiles): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const partPath = `${path}.${randomUUID()}.part`;
  await writeFile(partPath, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 });
  await chmod(partPath, 0o600);
  await rename(partPath, path);
}
