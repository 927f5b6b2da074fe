import type { Checksum } from "../../domain/checksum.ts";
import type { Sha256 } from "../../domain/ids.ts";

/** Most bytes of which digests are remembered, at some hundred bytes each: five of the largest archives can be judged at once. */
export const KNOWN_MAX = 50_000;

/** Digests that were made by reading bytes again, by the SHA-256 of the bytes. It is only a memory: what is forgotten is made again. */
export class KnownChecksums {
  readonly #knownMax: number;
  readonly #known = new Map<Sha256, readonly Checksum[]>();

  constructor(knownMax: number = KNOWN_MAX) {
    this.#knownMax = knownMax;
  }

  of(digest: Sha256): readonly Checksum[] {
    return this.#known.get(digest) ?? [];
  }

  learn(digest: Sha256, checksums: readonly Checksum[]): void {
    const former = this.of(digest);
    const added = checksums.filter(({ algorithm }) =>
      former.every((each) => each.algorithm !== algorithm),
    );
    this.#known.delete(digest);
    this.#known.set(digest, [...former, ...added]);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#knownMax && oldest !== undefined) this.#known.delete(oldest);
  }
}
