import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PackageFile } from "../../../domain/package.ts";
import type { OpenBlob, Pour } from "../../../ports/blob-store.ts";
import { PortError } from "../../../ports/port-error.ts";
import type { MetadataReading, MetadataRole, PackageMetadata } from "./package-metadata.ts";
import { METADATA_BYTES_MAX, readingOf } from "./package-metadata.ts";
import { weightOf } from "./weight-of.ts";

/** Bytes that are read at a stretch: about a millisecond of parsing, after which others have their turn. */
const PIECE_BYTES = 64 * 1024;

/** What is kept at most, by what it weighs in memory, and of how many files. */
const SHELF_BYTES_MAX = 16 * 1024 * 1024;
const SHELF_FILES_MAX = 200;

const writeInTurns = async (reading: MetadataReading, bytes: Uint8Array): Promise<void> => {
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
    if (at > 0) await nextTurn();
    reading.write(bytes.subarray(at, at + PIECE_BYTES));
  }
};

/** Reads the first bytes of a blob, which it closes. */
const readBlob = (blob: OpenBlob, bytesMax: number, reading: MetadataReading): Promise<void> =>
  new Promise((resolve, reject) => {
    const box: { pour?: Pour } = {};
    const fail = (error: unknown): void => {
      box.pour?.stop();
      blob.close();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    box.pour = blob.pourInto(
      {
        chunk: (bytes) => {
          // The chunk is ours until the source is let go on.
          writeInTurns(reading, bytes)
            .then(() => nextTurn())
            .then(() => box.pour?.resume(), fail);
          return false;
        },
        end: resolve,
        fail,
      },
      { start: 0, endExclusive: Math.min(blob.sizeBytes, bytesMax) },
    );
  });

interface Kept {
  readonly metadata: PackageMetadata;
  readonly weightBytes: number;
}

/** The same reading, and the SHA-256 of what was read. */
const hashed = (reading: MetadataReading) => {
  const hash = createHash("sha256");
  return {
    reading: {
      write: (bytes: Uint8Array): void => {
        hash.update(bytes);
        reading.write(bytes);
      },
      end: () => reading.end(),
    },
    digest: () => hash.digest("hex"),
  };
};

/**
 * What files say that tell of others, read once. They are known by their bytes and their names, which findings mention; those
 * that were asked for last stay longest. It is only a memory: what is not there is read again.
 */
export class MetadataShelf {
  readonly #kept = new Map<string, Kept>();
  #keptBytes = 0;

  /**
   * What the file says, which `open` opens where it has to be read. `corrupt` where its bytes are not those that it is known by. Of
   * one that is too large nobody knows, as it is not read to its end: it is not kept.
   */
  async read(
    role: MetadataRole,
    file: PackageFile,
    open: (file: PackageFile) => Promise<OpenBlob>,
  ): Promise<PackageMetadata> {
    const key = `${file.digest} ${role} ${file.name}`;
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known.metadata;
    }
    const { reading, digest } = hashed(readingOf(role, file.name));
    await readBlob(await open(file), METADATA_BYTES_MAX[role], reading);
    const metadata = reading.end();
    if (file.sizeBytes > METADATA_BYTES_MAX[role]) return metadata;
    if (digest() !== file.digest)
      throw new PortError(
        "corrupt",
        `The bytes of ${file.name} in the store are not those that came.`,
      );
    this.#keep(key, { metadata, weightBytes: weightOf(metadata) });
    return metadata;
  }

  #keep(key: string, kept: Kept): void {
    if (this.#kept.has(key)) return;
    this.#kept.set(key, kept);
    this.#keptBytes += kept.weightBytes;
    for (const [oldest, { weightBytes }] of this.#kept) {
      if (this.#keptBytes <= SHELF_BYTES_MAX && this.#kept.size <= SHELF_FILES_MAX) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= weightBytes;
    }
  }
}
