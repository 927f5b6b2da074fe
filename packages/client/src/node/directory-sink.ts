import { link, lstat, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DownloadSink, FileSink, IncomingFile } from "../download-options.ts";
import { ProtocolError } from "../errors.ts";
import { fileDigest } from "./file-digest.ts";
import { openPart } from "./file-part.ts";

/** What to do with files that are there already. */
export interface DirectorySinkOptions {
  /** Replaces a file of the same name that has other content. Without it such a file is an error and stays as it is. */
  readonly isForced?: boolean;
}

/** A file with other content stands where a downloaded one would go. */
export class FileExistsError extends Error {
  override readonly name = "FileExistsError";
  /** The file that is in the way. */
  readonly path: string;
  constructor(path: string) {
    super(`${path} exists already and differs.`);
    this.path = path;
  }
}

/**
 * Keeps downloaded files in a directory, which is made if need be. Bytes go to a hidden name first, and a file gets
 * its own name only when its digest is right; a file that is there already with the right content is left alone. What came of a
 * file before it was interrupted stays under its hidden name, for the next download of the same file into the same directory.
 */
export const directorySink = (
  directory: string,
  options: DirectorySinkOptions = {},
): DownloadSink => ({
  async open(file, signal) {
    const path = join(directory, safeName(file.name));
    await mkdir(directory, { recursive: true });
    const isForced = options.isForced ?? false;
    const present = await compareWithPresent(path, file, signal);
    if (present === "same") return null;
    if (present === "different" && !isForced) throw new FileExistsError(path);
    return await openFileSink(directory, path, { file, isForced, signal });
  },
});

/** A file that comes, and whether it may replace another. */
interface Incoming {
  readonly file: IncomingFile;
  readonly isForced: boolean;
  readonly signal: AbortSignal | undefined;
}

/** A name from the network must not lead out of the directory. */
function safeName(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name)) {
    throw new ProtocolError(
      `The server names a file ${JSON.stringify(name)}, which is no plain file name.`,
      {
        operation: "download",
      },
    );
  }
  return name;
}

async function compareWithPresent(
  path: string,
  file: IncomingFile,
  signal: AbortSignal | undefined,
): Promise<"absent" | "same" | "different"> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  });
  if (found === null) return "absent";
  const expected = file.checksums[0];
  if (!found.isFile() || expected === undefined || found.size !== file.sizeBytes)
    return "different";
  const digest = await fileDigest(path, expected.algorithm ?? "SHA1", signal);
  return digest === expected.checksum.toLowerCase() ? "same" : "different";
}

async function openFileSink(
  directory: string,
  path: string,
  { file, isForced, signal }: Incoming,
): Promise<FileSink> {
  const part = await openPart(directory, file, signal);
  return {
    keptBytes: part.sizeBytes,
    write: async (chunk) => await part.write(chunk),
    restart: async () => await part.restart(),
    async finish() {
      part.verify();
      const partPath = await part.close();
      await (isForced ? rename(partPath, path) : moveUnlessPresent(partPath, path));
    },
    keep: async () => await part.keep(),
    discard: async () => await part.discard(),
  };
}

/** Gives the file its name in one step that fails if another file took the name meanwhile. */
async function moveUnlessPresent(partPath: string, path: string): Promise<void> {
  try {
    await link(partPath, path);
    await rm(partPath);
  } catch (error) {
    if (isErrno(error, "EEXIST")) throw new FileExistsError(path);
    // Some file systems have no hard links; there the name was free a moment ago, and that has to do.
    if (!isErrno(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")) throw error;
    await rename(partPath, path);
  }
}

const isErrno = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  codes.includes(error.code);
