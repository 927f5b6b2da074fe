import type { Dirent } from "node:fs";
import { glob, readdir, stat } from "node:fs/promises";
import { join, parse, sep } from "node:path";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** What makes a word a pattern: `*`, `?`, `[...]`, `{...}`, or one of the groups `+(...)`, `@(...)` and `!(...)`. */
const MAGIC = /[*?[{]|[+@!]\(/;

/** Between the parts of a path; on Windows either slash is. */
const SEPARATOR = sep === "\\" ? /[\\/]/ : /\//;

/** Whether a word can be read as a pattern of file names. */
export const isPattern = (word: string): boolean => MAGIC.test(word);

/**
 * The files that a pattern matches, sorted by their paths; folders are left out, and names that begin with a dot match only where
 * the pattern spells the dot. Folders at its beginning that are there under that very name are taken as they are spelt. A link to
 * a folder is entered like a folder, except by `**`, which could go round in circles. Throws Failure where no file matches, and
 * the error of the file system where a folder can not be read: what is in it may be wanted.
 */
export async function matchingFiles(pattern: string): Promise<readonly string[]> {
  const { folder, rest } = await literalBeginning(pattern);
  const found = new Set<string>();
  for (const each of withoutFoldersInBraces(rest))
    for await (const path of matchesBelow(folder, each.split("/"))) found.add(path);
  const files: string[] = [];
  for (const path of [...found].toSorted()) if (!(await isFolder(path))) files.push(path);
  if (files.length > 0) return files;
  throw new Failure(
    EXIT_CODES.notFound,
    found.size > 0 ? `${pattern} matches folders alone.` : `No file matches ${pattern}.`,
    "A * stands for any part of a name, ** for any folders; a name that begins with a dot is matched by a pattern that does",
  );
}

/** What the parts of a pattern match, the first one in this folder; it is empty for the current one. */
async function* matchesBelow(
  folder: string,
  [part = "", ...rest]: readonly string[],
): AsyncGenerator<string, void, undefined> {
  const isLast = rest.length === 0;
  if (part === "**") {
    yield* matchesBelow(folder, isLast ? ["*"] : rest);
    for (const entry of await entriesOf(folder))
      if (entry.isDirectory() && !entry.name.startsWith("."))
        yield* matchesBelow(join(folder, entry.name), [part, ...rest]);
    return;
  }
  for (const name of await namesLike(folder, part)) {
    const path = join(folder, name);
    if (isLast) yield path;
    else if (await isFolder(path)) yield* matchesBelow(path, rest);
  }
}

/** The names in a folder that one part of a pattern matches. */
async function namesLike(folder: string, part: string): Promise<readonly string[]> {
  // Unlike a glob, this tells that the folder can not be read.
  const entries = await entriesOf(folder);
  if (part === "" || part === "." || part === "..") return [part];
  const names = new Set(entries.map(({ name }) => name));
  if (names.has(part) && !isPattern(part)) return [part];
  const found: string[] = [];
  for await (const name of glob(part, folder === "" ? {} : { cwd: folder })) found.push(name);
  return found;
}

/** What is in a folder; nothing where it has just gone. */
const entriesOf = async (folder: string): Promise<readonly Dirent[]> =>
  await readdir(folder === "" ? "." : folder, { withFileTypes: true }).catch(unlessAbsent([]));

/** The patterns that one stands for in whose braces there are slashes; other braces stay, as each is within a name. */
function withoutFoldersInBraces(pattern: string): readonly string[] {
  const group = groupsOf(pattern).find(({ words }) => words.some((word) => word.includes("/")));
  if (group === undefined) return [pattern];
  return group.words.flatMap((word) =>
    withoutFoldersInBraces(pattern.slice(0, group.start) + word + pattern.slice(group.end)),
  );
}

/** A `{a,b}` of a pattern: where it is, and its words. */
interface BraceGroup {
  readonly start: number;
  readonly end: number;
  readonly words: readonly string[];
}

/** The outer groups with a comma. */
function groupsOf(pattern: string): readonly BraceGroup[] {
  const groups: BraceGroup[] = [];
  const open: { start: number; commas: number[] }[] = [];
  for (const { 0: sign, index } of pattern.matchAll(/\\.|[{},]/gs)) {
    if (sign === "{") open.push({ start: index, commas: [] });
    else if (sign === ",") open.at(-1)?.commas.push(index);
    else if (sign === "}") {
      const { start, commas } = open.pop() ?? { start: index, commas: [] };
      const ends = [start, ...commas, index];
      const words = ends.slice(1).map((end, at) => pattern.slice((ends[at] ?? 0) + 1, end));
      if (open.length === 0 && commas.length > 0) groups.push({ start, end: index + 1, words });
    }
  }
  return groups;
}

/** A folder of brackets is a folder where it exists: the longest beginning of the pattern that does. */
async function literalBeginning(
  pattern: string,
): Promise<{ readonly folder: string; readonly rest: string }> {
  const { root } = parse(pattern);
  const parts = pattern.slice(root.length).split(SEPARATOR);
  let folder = root;
  let taken = 0;
  for (const part of parts.slice(0, -1)) {
    const next = join(folder, part);
    if (!(await isFolder(next))) break;
    folder = next;
    taken += 1;
  }
  return { folder, rest: parts.slice(taken).join("/") };
}

/** A link that leads nowhere is no folder; who opens it tells what is wrong with it. */
const isFolder = async (path: string): Promise<boolean> =>
  await stat(path).then((found) => found.isDirectory(), unlessAbsent(false));

/** What counts where nothing is there; what may be there and can not be seen is an error. */
const unlessAbsent =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EACCES" || code === "EPERM") throw error;
    return value;
  };
