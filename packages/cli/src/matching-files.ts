import { glob, stat } from "node:fs/promises";
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
 * the pattern spells the dot. Folders at its beginning that are there under that very name are taken as they are spelt.
 * Throws Failure where no file matches.
 */
export async function matchingFiles(pattern: string): Promise<readonly string[]> {
  const { folder, rest } = await literalBeginning(pattern);
  const found: string[] = [];
  for await (const path of glob(rest, folder === "" ? {} : { cwd: folder }))
    found.push(join(folder, path));
  const files: string[] = [];
  for (const path of found.toSorted()) if (!(await isFolder(path))) files.push(path);
  if (files.length > 0) return files;
  throw new Failure(
    EXIT_CODES.notFound,
    found.length > 0 ? `${pattern} matches folders alone.` : `No file matches ${pattern}.`,
    "A * stands for any part of a name, ** for any folders; a name that begins with a dot is matched by a pattern that does",
  );
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
  await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
