import { createHash, randomUUID } from "node:crypto";
import type { Hash } from "node:crypto";
import { link, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { ChecksumInfo } from "@contentlib/contract";
import type { DownloadSink, FileSink, IncomingFile } from "../download-options.ts";
import { ProtocolError } from "../errors.ts";
import { HASH_NAMES, fileDigest } from "./file-digest.ts";

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
 * its own name only when its digest is right; a file that is there already with the right content is left alone.
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
    return await openFileSink(directory, path, file, isForced);
  },
});

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
  file: IncomingFile,
  isForced: boolean,
): Promise<FileSink> {
  const partPath = join(directory, `.contentlib-${randomUUID()}.part`);
  const part = await open(partPath, "wx");
  const checks = file.checksums.map((expected) => ({
    expected,
    hash: createHash(HASH_NAMES[expected.algorithm ?? "SHA1"]),
  }));
  let writtenBytes = 0;
  return {
    async write(chunk) {
      for (const { hash } of checks) hash.update(chunk);
      await writeAll(part, chunk);
      writtenBytes += chunk.byteLength;
    },
    async finish() {
      verify(file, writtenBytes, checks);
      await part.sync();
      await part.close();
      await (isForced ? rename(partPath, path) : moveUnlessPresent(partPath, path));
    },
    async discard() {
      await part.close().catch(() => undefined);
      await rm(partPath, { force: true });
    },
  };
}

async function writeAll(part: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    const { bytesWritten } = await part.write(chunk, offset, chunk.byteLength - offset);
    offset += bytesWritten;
  }
}

function verify(
  file: IncomingFile,
  writtenBytes: number,
  checks: readonly { readonly expected: ChecksumInfo; readonly hash: Hash }[],
): void {
  if (file.sizeBytes !== undefined && writtenBytes !== file.sizeBytes) {
    throw damaged(`${file.name} should have ${file.sizeBytes} bytes, and ${writtenBytes} came.`);
  }
  for (const { expected, hash } of checks) {
    const digest = hash.digest("hex");
    if (digest === expected.checksum.toLowerCase()) continue;
    const algorithm = expected.algorithm ?? "SHA1";
    throw damaged(
      `${file.name} should have ${algorithm} ${expected.checksum}, and ${digest} came.`,
    );
  }
}

const damaged = (message: string): ProtocolError =>
  new ProtocolError(message, { operation: "download" });

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
