import { createHash, type Hash } from "node:crypto";

import type { Checksum, ChecksumAlgorithm } from "../../domain/checksum.ts";
import { type Sha256, parseSha256 } from "../../domain/ids.ts";

const NODE_NAMES: Readonly<Record<ChecksumAlgorithm, string>> = {
  MD5: "md5",
  SHA1: "sha1",
  SHA256: "sha256",
  SHA512: "sha512",
};

/** A hash of no bytes yet. */
export const startHash = (algorithm: ChecksumAlgorithm): Hash => createHash(NODE_NAMES[algorithm]);

/** Digests of one transfer, in lower-case hexadecimal; SHA-256 is always among them. */
export type Digests = ReadonlyMap<ChecksumAlgorithm, string>;

/** What is computed for a blob: SHA-256, because it names the blob, and what is asked for beside it. */
export const blobAlgorithms = (
  algorithms: readonly ChecksumAlgorithm[],
): ReadonlySet<ChecksumAlgorithm> => new Set<ChecksumAlgorithm>(["SHA256", ...algorithms]);

/** Digests of the first bytes of a blob, computed while bytes pass by. */
export class RunningDigests {
  readonly #hashes: ReadonlyMap<ChecksumAlgorithm, Hash>;
  #atBytes: number;

  private constructor(hashes: ReadonlyMap<ChecksumAlgorithm, Hash>, atBytes: number) {
    this.#hashes = hashes;
    this.#atBytes = atBytes;
  }

  static of(algorithms: Iterable<ChecksumAlgorithm>): RunningDigests {
    return new RunningDigests(
      new Map([...algorithms].map((algorithm) => [algorithm, startHash(algorithm)])),
      0,
    );
  }

  /** How many bytes passed by. */
  get atBytes(): number {
    return this.#atBytes;
  }

  covers(algorithms: readonly ChecksumAlgorithm[]): boolean {
    return algorithms.every((algorithm) => this.#hashes.has(algorithm));
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes.values()) hash.update(bytes);
    this.#atBytes += bytes.byteLength;
  }

  copy(): RunningDigests {
    return new RunningDigests(
      new Map([...this.#hashes].map(([algorithm, hash]) => [algorithm, hash.copy()])),
      this.#atBytes,
    );
  }

  /** The digests of the bytes so far; more may follow. */
  digests(): Digests {
    return new Map(
      [...this.#hashes].map(([algorithm, hash]) => [algorithm, hash.copy().digest("hex")]),
    );
  }
}

/** Running digests that can go back to where an append began, because its bytes may not count. */
export class RewindableDigests {
  #running: RunningDigests;
  #before: RunningDigests | null = null;

  constructor(algorithms: Iterable<ChecksumAlgorithm>) {
    this.#running = RunningDigests.of(algorithms);
  }

  get atBytes(): number {
    return this.#running.atBytes;
  }

  /** Remembers this point. */
  begin(): void {
    this.#before = this.#running.atBytes === 0 ? null : this.#running.copy();
  }

  update(bytes: Uint8Array): void {
    this.#running.update(bytes);
  }

  digests(): Digests {
    return this.#running.digests();
  }

  /** Stands at so many bytes, going back where that was the point; false where it can not. */
  standAt(atBytes: number): boolean {
    if (this.#running.atBytes !== atBytes && this.#before?.atBytes === atBytes)
      this.#running = this.#before;
    this.#before = null;
    return this.#running.atBytes === atBytes;
  }
}

/** The one digest of the bytes of an append alone. */
export class PieceDigest {
  readonly #algorithm: ChecksumAlgorithm;
  readonly #running: RunningDigests;

  constructor(algorithm: ChecksumAlgorithm) {
    this.#algorithm = algorithm;
    this.#running = RunningDigests.of([algorithm]);
  }

  update(bytes: Uint8Array): void {
    this.#running.update(bytes);
  }

  hex(): string {
    return digestOf(this.#running.digests(), this.#algorithm);
  }
}

/** Whether all that is asked for is among the digests. */
export const covers = (
  there: ReadonlySet<ChecksumAlgorithm> | Digests,
  algorithms: readonly ChecksumAlgorithm[],
): boolean => algorithms.every((algorithm) => there.has(algorithm));

const digestOf = (digests: Digests, algorithm: ChecksumAlgorithm): string => {
  const hex = digests.get(algorithm);
  if (hex === undefined) throw new Error(`The ${algorithm} digest was asked for but not computed.`);
  return hex;
};

/** The digest that names the blob. */
export const blobNameOf = (digests: Digests): Sha256 => {
  const name = parseSha256(digestOf(digests, "SHA256"));
  if (name === null)
    throw new Error("A SHA-256 digest must have 64 lower-case hexadecimal digits.");
  return name;
};

/** The digests asked for, in the order in which they were asked for. */
export const checksumsOf = (
  digests: Digests,
  algorithms: readonly ChecksumAlgorithm[],
): Checksum[] => algorithms.map((algorithm) => ({ algorithm, hex: digestOf(digests, algorithm) }));
