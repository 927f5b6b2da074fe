import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PinnedServer } from "@contentlib/client/node";
import type { UploadFile } from "@contentlib/client";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { isPattern, matchingFiles } from "./matching-files.ts";
import { withPackages } from "./package-paths.ts";
import type { CheckOptions } from "./package-paths.ts";
import { requireWholeImages } from "./whole-images.ts";

/** A file of this machine that is to be sent. */
export interface OutgoingFile extends UploadFile {
  /** Null for the standard input, which can be read only once. */
  readonly path: string | null;
}

/** What to send. */
export interface OutgoingWish extends CheckOptions {
  /** Files, folders whose files are meant, patterns of file names, and `-` for the standard input. */
  readonly paths: readonly string[];
  /** Name of the file from the standard input. */
  readonly name?: string | undefined;
  /** SHA-256 of the one file, in lower-case hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** What is said of the change. */
  readonly message?: string | undefined;
}

/** The word that means the standard input. */
const STANDARD_INPUT = "-";

/** Opens what is to be sent. Throws Failure for what can not be meant, PushError for what can not be sent, and the error of the file system. */
export async function openOutgoing(
  wish: OutgoingWish,
  stdin: NodeJS.ReadableStream,
  pinned: PinnedServer | undefined,
): Promise<readonly OutgoingFile[]> {
  const { requireSendable } = await import("@contentlib/client");
  const { fileSource, readableSource } = await import("@contentlib/client/node");
  const named = (await Promise.all(wish.paths.map(pathsAt))).flat();
  const paths = await withPackages(named, wish);
  requireSense(wish, paths);
  const { sha256, name = "", message } = wish;
  requireSendable({
    files: paths.map((path) => ({ name: nameOf(path, name) })),
    ...(message === undefined ? {} : { message }),
  });
  await requireWholeImages(paths, wish);
  const checksum =
    sha256 === undefined ? {} : { checksum: { algorithm: "SHA256", checksum: sha256 } as const };
  return await Promise.all(
    paths.map(async (path) =>
      path === STANDARD_INPUT
        ? { name, path: null, source: readableSource(stdin, { pinned }), ...checksum }
        : { name: basename(path), path, source: await fileSource(path, { pinned }), ...checksum },
    ),
  );
}

/**
 * The files of a folder or of a pattern, in the order of their names; anything else stands for itself. What is there under its very
 * name is no pattern, whatever characters it has.
 */
async function pathsAt(path: string): Promise<readonly string[]> {
  if (path === STANDARD_INPUT) return [path];
  const found = await stat(path).catch((error: unknown) => {
    if (isPattern(path) && isAbsence(error)) return null;
    throw error;
  });
  if (found === null) return await matchingFiles(path);
  return found.isDirectory() ? await filesIn(path) : [path];
}

/** A pattern can be longer than a name may be. */
const isAbsence = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL"].includes(String(error.code));

async function filesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  const folder = entries.find((entry) => entry.isDirectory());
  if (folder !== undefined)
    throw new Failure(
      EXIT_CODES.usage,
      `${path} holds the folder ${folder.name}, and an item has no folders.`,
      "Name the files to send",
    );
  if (entries.length === 0) throw new Failure(EXIT_CODES.usage, `${path} holds no file.`);
  const names = entries.map(({ name }) => name).toSorted();
  return names.map((name) => join(path, name));
}

/** The name that a file goes by; the standard input has none but the given one. */
const nameOf = (path: string, given: string): string =>
  path === STANDARD_INPUT ? given : basename(path);

function requireSense({ name, sha256 }: OutgoingWish, paths: readonly string[]): void {
  const inputs = paths.filter((path) => path === STANDARD_INPUT).length;
  if (inputs > 1) throw new Failure(EXIT_CODES.usage, "The standard input can be read only once.");
  if (inputs === 1 && (name ?? "") === "")
    throw new Failure(
      EXIT_CODES.usage,
      "The file from the standard input has no name.",
      "Give it one: --name debian.iso",
    );
  if (inputs === 0 && name !== undefined)
    throw new Failure(
      EXIT_CODES.usage,
      "--name is for the standard input; a file goes by its own name.",
      "Send it as the standard input: contentlib push - --name NAME LIBRARY/ITEM < FILE",
    );
  if (sha256 !== undefined && paths.length !== 1)
    throw new Failure(
      EXIT_CODES.usage,
      "--sha256 is the digest of one file, and no more are sent.",
    );
  const names = paths.map((path) => nameOf(path, name ?? ""));
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined)
    throw new Failure(
      EXIT_CODES.usage,
      `Two of the files are called ${twice}.`,
      "An item holds one file of a name: rename one of them",
    );
}
