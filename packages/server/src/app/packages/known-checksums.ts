import type { Checksum } from "../../domain/checksum.ts";
import type { Sha256 } from "../../domain/ids.ts";

/** Most bytes of which digests are remembered. */
const KNOWN_MAX = 10_000;

/** Digests that were made by reading bytes again, by the SHA-256 of the bytes. It is only a memory: what is forgotten is made again. */
export class KnownChecksums {
  readonly #known = new Map<Sha256, readonly Checksum[]>();

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
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
  }
}
