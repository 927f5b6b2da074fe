import { createHash, randomUUID } from "node:crypto";
import type { Hash } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { ChecksumInfo } from "@contentlib/contract";
import type { IncomingFile } from "../download-options.ts";
import { ProtocolError } from "../errors.ts";
import { HASH_NAMES } from "./file-digest.ts";
import { READ_CHUNK_BYTES } from "./file-pieces.ts";

/** How the hidden names begin. */
const HIDDEN = ".contentlib-";

/** Enough digits that two names do not meet by chance. */
const NAME_DIGITS = 16;

/** A digest that is followed while the bytes come. */
interface Check {
  readonly expected: ChecksumInfo;
  hash: Hash;
}

/**
 * Opens the hidden file for what comes: one that an interrupted download of the very same file has kept, or a new one. A kept one is
 * taken under another name, so that of two downloads only one goes on with it.
 */
export async function openPart(
  directory: string,
  file: IncomingFile,
  signal: AbortSignal | undefined,
): Promise<FilePart> {
  const keptName = keptNameOf(file);
  await dropOthers(directory, file.name, keptName);
  const path = join(directory, `${HIDDEN}${randomUUID()}.part`);
  const keptPath = keptName === undefined ? undefined : join(directory, keptName);
  const isTaken =
    keptPath !== undefined &&
    (await rename(keptPath, path).then(
      () => true,
      () => false,
    ));
  const part = new FilePart({ file, path, keptPath }, await open(path, isTaken ? "r+" : "wx"));
  if (isTaken) await part.readKept(signal);
  return part;
}

/** Names of what is kept begin with a print of the file's name, which may be as long as a name can be. */
const printOf = (fileName: string): string =>
  `${HIDDEN}kept-${createHash("sha256").update(fileName).digest("hex").slice(0, NAME_DIGITS)}-`;

/** The name that what came of a file is kept under; undefined where nothing tells whether the next one is the same file. */
function keptNameOf({ name, sizeBytes, checksums: [checksum] }: IncomingFile): string | undefined {
  if (checksum === undefined || sizeBytes === undefined) return undefined;
  const { algorithm = "SHA1", checksum: digest } = checksum;
  const content = createHash("sha256").update(`${algorithm} ${digest.toLowerCase()} ${sizeBytes}`);
  return `${printOf(name)}${content.digest("hex").slice(0, NAME_DIGITS)}.part`;
}

/** What was kept of a file of this name that has other content by now is of no use to anybody. */
async function dropOthers(
  directory: string,
  fileName: string,
  keptName: string | undefined,
): Promise<void> {
  const print = printOf(fileName);
  for (const name of await readdir(directory))
    if (name.startsWith(print) && name !== keptName)
      await rm(join(directory, name), { force: true });
}

/** Where a part is, and what of. */
interface PartPlace {
  readonly file: IncomingFile;
  readonly path: string;
  /** Where it goes when the download is interrupted; undefined where it can not be gone on with. */
  readonly keptPath: string | undefined;
}

/** The bytes of a file that is not whole yet. */
export class FilePart {
  readonly #place: PartPlace;
  readonly #handle: FileHandle;
  readonly #checks: readonly Check[];
  #sizeBytes = 0;

  constructor(place: PartPlace, handle: FileHandle) {
    this.#place = place;
    this.#handle = handle;
    this.#checks = place.file.checksums.map((expected) => ({
      expected,
      hash: newHash(expected),
    }));
  }

  /** How many bytes are here. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Takes the bytes that were kept into the digests. Where that fails, they stay for another time. */
  async readKept(signal: AbortSignal | undefined): Promise<void> {
    const buffer = Buffer.allocUnsafeSlow(READ_CHUNK_BYTES);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#sizeBytes);
        if (bytesRead === 0) break;
        this.#note(buffer.subarray(0, bytesRead));
      }
    } catch (error) {
      await this.#leave();
      throw error;
    }
    if (this.#sizeBytes > (this.#place.file.sizeBytes ?? 0)) await this.restart();
  }

  #note(chunk: Uint8Array): void {
    for (const { hash } of this.#checks) hash.update(chunk);
    this.#sizeBytes += chunk.byteLength;
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let offset = 0; offset < chunk.byteLength;) {
      const at = this.#sizeBytes + offset;
      const left = chunk.byteLength - offset;
      const { bytesWritten } = await this.#handle.write(chunk, offset, left, at);
      offset += bytesWritten;
    }
    this.#note(chunk);
  }

  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#sizeBytes = 0;
    for (const check of this.#checks) check.hash = newHash(check.expected);
  }

  /** Throws ProtocolError where the bytes are not those that were announced. */
  verify(): void {
    const { file } = this.#place;
    if (file.sizeBytes !== undefined && this.#sizeBytes !== file.sizeBytes) {
      throw damaged(
        `${file.name} should have ${file.sizeBytes} bytes, and ${this.#sizeBytes} came.`,
      );
    }
    for (const { expected, hash } of this.#checks) {
      const digest = hash.digest("hex");
      if (digest === expected.checksum.toLowerCase()) continue;
      const algorithm = expected.algorithm ?? "SHA1";
      throw damaged(
        `${file.name} should have ${algorithm} ${expected.checksum}, and ${digest} came.`,
      );
    }
  }

  /** Brings everything to the disk, and answers where it is. */
  async close(): Promise<string> {
    await this.#handle.sync();
    await this.#handle.close();
    return this.#place.path;
  }

  /** Keeps what is here for the next download of the same file. */
  async keep(): Promise<void> {
    const isOfUse = this.#place.keptPath !== undefined && this.#sizeBytes > 0;
    await (isOfUse ? this.#leave() : this.discard());
  }

  async #leave(): Promise<void> {
    const { path, keptPath = path } = this.#place;
    await this.#handle.close();
    await rename(path, keptPath);
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#place.path, { force: true });
  }
}

const newHash = ({ algorithm }: ChecksumInfo): Hash => createHash(HASH_NAMES[algorithm ?? "SHA1"]);

const damaged = (message: string): ProtocolError =>
  new ProtocolError(message, { operation: "download" });
