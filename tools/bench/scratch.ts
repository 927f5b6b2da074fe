import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdirSync } from "node:fs";
import { createHash, randomBytes, randomFillSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BLOCK_BYTES = 8 * 1024 * 1024;
/** So many bytes at the beginning of a file make it another one. */
const BEGINNING_BYTES = 32;
const MEMORY_FOLDER = "/dev/shm";
/** Room that is left to others in the memory-backed folder. */
const MEMORY_KEPT_BYTES = 1024 * 1024 * 1024;

/** A file to send, and its digest as a client would declare it. */
export interface SourceFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** One of many files that go into one item. */
export interface SmallFile {
  readonly name: string;
  readonly path: string;
}

/** Folders of one run: what is sent, in memory where there is room, and what servers write, on one disk. */
export class Scratch implements Disposable {
  readonly #sources: string;
  readonly #data: string;
  readonly isSourceInMemory: boolean;
  #folders = 0;
  #files: SourceFile | null = null;
  /** False once the file has another beginning than the one whose digest is known. */
  #hasDigest = true;

  constructor(dataRoot: string, sourceBytes: number) {
    mkdirSync(dataRoot, { recursive: true });
    this.#data = mkdtempSync(join(dataRoot, "run-"));
    this.isSourceInMemory = freeBytes(MEMORY_FOLDER) > sourceBytes + MEMORY_KEPT_BYTES;
    const parent = this.isSourceInMemory ? MEMORY_FOLDER : tmpdir();
    this.#sources = mkdtempSync(join(parent, "contentlib-bench-"));
  }

  /** A new folder on the disk that both servers write to. */
  folder(name: string): string {
    this.#folders += 1;
    const path = join(this.#data, `${String(this.#folders)}-${name}`);
    mkdirSync(path);
    return path;
  }

  /** Random bytes, made once and used by every measure that asks for the same size. */
  randomFile(sizeBytes: number): SourceFile {
    if (this.#files?.sizeBytes !== sizeBytes || !this.#hasDigest) {
      this.#hasDigest = true;
      this.#files = writeRandomFile(join(this.#sources, "random"), sizeBytes);
    }
    return this.#files;
  }

  /** The path of a file that no server has seen: each time the random bytes with another beginning. */
  unseenFile(sizeBytes: number): string {
    const known = this.#files?.sizeBytes === sizeBytes ? this.#files : this.randomFile(sizeBytes);
    this.#hasDigest = false;
    const file = openSync(known.path, "r+");
    writeSync(file, randomBytes(BEGINNING_BYTES));
    closeSync(file);
    return known.path;
  }

  /** As many small files with new random bytes, in place of those of the call before. */
  smallFiles(count: number, sizeBytes: number): readonly SmallFile[] {
    const folder = join(this.#sources, "small");
    mkdirSync(folder, { recursive: true });
    return Array.from({ length: count }, (_, n) => {
      const name = `part-${String(n).padStart(5, "0")}.bin`;
      const path = join(folder, name);
      writeFileSync(path, randomBytes(sizeBytes));
      return { name, path };
    });
  }

  /** Room on the disk that servers write to. */
  freeDataBytes(): number {
    return freeBytes(this.#data);
  }

  /** Zeros that take no memory: a file made of one hole. */
  holeFile(sizeBytes: number): string {
    const path = join(this.#sources, "zeros");
    closeSync(openSync(path, "w"));
    truncateSync(path, sizeBytes);
    return path;
  }

  [Symbol.dispose](): void {
    for (const path of [this.#sources, this.#data]) rmSync(path, { recursive: true, force: true });
  }
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

function writeRandomFile(path: string, sizeBytes: number): SourceFile {
  const hash = createHash("sha256");
  const block = Buffer.alloc(BLOCK_BYTES);
  const file = openSync(path, "w");
  for (let written = 0; written < sizeBytes; written += block.length) {
    const piece = randomFillSync(block).subarray(0, sizeBytes - written);
    hash.update(piece);
    writeSync(file, piece);
  }
  closeSync(file);
  return { path, sizeBytes, sha256: hash.digest("hex") };
}
