import { parseChunkName } from "../descriptor/chunk-names.ts";
import { foldName } from "../names/fold-name.ts";
import type { PackageContents } from "./package-contents.ts";

/** The names of a package, to be found by what others call them. Each index is made once, when it is first needed. */
export class NameIndex {
  readonly names: ReadonlySet<string>;
  #composed: ReadonlyMap<string, string> | null = null;
  #folded: ReadonlyMap<string, string> | null = null;
  #chunks: ReadonlyMap<string, ReadonlySet<number>> | null = null;

  /** Of the files that are here, and of those that will come. */
  constructor({ files, awaited, descriptor }: PackageContents) {
    const names = new Set([...files.keys(), ...awaited]);
    if (descriptor !== null) names.add(descriptor.fileName);
    // Sorted, so that it does not matter in which order files arrived.
    this.names = new Set([...names].sort());
  }

  /** The name that a file really has which is called so: exactly, or but for the composition of its characters. */
  find(name: string): string | null {
    if (this.names.has(name)) return name;
    this.#composed ??= new Map([...this.names].map((one) => [one.normalize("NFC"), one]));
    return this.#composed.get(name.normalize("NFC")) ?? null;
  }

  /** The name of a file that is called so but for the case of letters. */
  findInOtherCase(name: string): string | null {
    this.#folded ??= new Map([...this.names].map((one) => [foldName(one), one]));
    return this.#folded.get(foldName(name)) ?? null;
  }

  /** Numbers of the chunks of a file that are here or will come. */
  chunksOf(name: string): ReadonlySet<number> {
    this.#chunks ??= this.#readChunks();
    return this.#chunks.get(name.normalize("NFC")) ?? new Set();
  }

  #readChunks(): ReadonlyMap<string, ReadonlySet<number>> {
    const chunks = new Map<string, Set<number>>();
    for (const one of this.names) {
      const parsed = parseChunkName(one);
      if (parsed === null) continue;
      const name = parsed.name.normalize("NFC");
      const numbers = chunks.get(name) ?? new Set();
      numbers.add(parsed.number);
      chunks.set(name, numbers);
    }
    return chunks;
  }
}
