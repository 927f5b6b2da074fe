import type { Instant, Sha256 } from "@contentlib/server/domain/ids";

/** The simplest account of who holds what: per holder the digests of its files, by name. */
export class BlobReferenceModel {
  readonly #held = new Map<string, ReadonlyMap<string, Sha256>>();
  readonly #idleSince = new Map<Sha256, Instant>();

  hold(holder: string, files: ReadonlyMap<string, Sha256>, at: Instant): void {
    const before = new Set(this.#held.get(holder)?.values());
    this.#held.set(holder, files);
    const all = this.#all();
    for (const digest of all) this.#idleSince.delete(digest);
    for (const digest of before) if (!all.has(digest)) this.#idleSince.set(digest, at);
  }

  filesOf(holder: string): ReadonlyMap<string, Sha256> {
    return this.#held.get(holder) ?? new Map();
  }

  drop(holder: string, at: Instant): void {
    this.hold(holder, new Map(), at);
  }

  dropAll(kind: string, at: Instant): void {
    for (const holder of this.#held.keys()) if (holder.startsWith(kind)) this.drop(holder, at);
  }

  get idleSince(): ReadonlyMap<Sha256, Instant> {
    return this.#idleSince;
  }

  #all(): ReadonlySet<Sha256> {
    return new Set([...this.#held.values()].flatMap((files) => [...files.values()]));
  }
}
