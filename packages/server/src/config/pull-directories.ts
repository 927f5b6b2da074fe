import { isAbsolute, normalize } from "node:path";
import { parseList } from "./network.ts";
import type { Reader } from "./reader.ts";

/** A directory below which files may be read for whoever pulls by `file:` or `ds:`. */
export interface PullDirectory {
  /** The datastore that it stands for in addresses of `ds:`; null for none. */
  readonly name: string | null;
  /** Absolute, without a slash at its end. */
  readonly path: string;
}

/** The settings about files of this machine that may be pulled. */
export interface PullDirectoriesConfig {
  /** None where nothing of this machine may be. */
  readonly pullDirectories: readonly PullDirectory[];
}

const ENTRY = /^(?:([^/=]+)=)?(\/.*)$/;
/** What is a part of the long form of a datastore's address, and what leads elsewhere. */
const NO_NAMES: readonly string[] = ["vmfs", ".", ".."];

/** One entry of CONTENTLIB_PULL_DIRECTORIES, `[NAME=]/PATH`; null for any other text, and for all there is. */
export const parsePullDirectory = (text: string): PullDirectory | null => {
  const [, name = null, given = ""] = ENTRY.exec(text) ?? [];
  const path = normalize(given).replace(/\/+$/, "");
  const isPath = isAbsolute(given) && path !== "" && !/\p{Cc}/u.test(text);
  return isPath && !NO_NAMES.includes(name ?? "") ? { name, path } : null;
};

/** Entries joined by commas; null where one is bad, or two have one name. */
const parseDirectories = (text: string): readonly PullDirectory[] | null => {
  const directories = parseList(parsePullDirectory)(text);
  const names = directories?.flatMap(({ name }) => name ?? []) ?? [];
  return new Set(names).size === names.length ? directories : null;
};

/** The directories. What is wrong is noted in the reader. */
export const readPullDirectories = (reader: Reader): PullDirectoriesConfig => ({
  pullDirectories: reader.read<readonly PullDirectory[]>(
    "pullDirectories",
    [],
    parseDirectories,
    "directories joined by commas, each /PATH or NAME=/PATH with a name of its own, and none of them / itself",
  ),
});
