import { chunkCountOf, chunkNameOf } from "../descriptor/chunk-names.ts";
import type { Descriptor, FileReference } from "../descriptor/descriptor.ts";
import { CHUNKS_MAX } from "../limits.ts";
import type { NameIndex } from "./name-index.ts";

/** How many bytes a file should have, as far as that is known. */
export type WantedSize =
  | { readonly kind: "unknown" }
  | { readonly kind: "exactly"; readonly bytes: number }
  | { readonly kind: "at most"; readonly bytes: number };

/** A file that a descriptor needs. */
export interface RequiredFile {
  /** As it is called in the package where it is there, else as the descriptor means it. */
  readonly name: string;
  readonly reference: FileReference;
  readonly isThere: boolean;
  /** The number of the chunk; null for a file in one piece. */
  readonly chunk: number | null;
  /** Whether it is a chunk that is not there although a later one is. */
  readonly isGap: boolean;
  readonly size: WantedSize;
}

const UNKNOWN: WantedSize = { kind: "unknown" };

/** The file in one piece; what the href says literally serves where the decoded name is not there. */
const wholeFile = (reference: FileReference, index: NameIndex): RequiredFile => {
  const { name, href, sizeBytes } = reference;
  const found = (name === null ? null : index.find(name)) ?? index.find(href);
  return {
    name: found ?? name ?? href,
    reference,
    isThere: found !== null,
    chunk: null,
    isGap: false,
    size: sizeBytes === null ? UNKNOWN : { kind: "exactly", bytes: sizeBytes },
  };
};

interface ChunkedFile {
  readonly reference: FileReference;
  readonly name: string;
  readonly chunkBytes: number;
  readonly present: ReadonlySet<number>;
  readonly highest: number;
}

const sizeOfChunk = (file: ChunkedFile, number: number): WantedSize => {
  const { chunkBytes, highest } = file;
  const total = file.reference.sizeBytes;
  if (total === null)
    // Nobody says which chunk is the last: the highest that there is may be.
    return { kind: number < highest ? "exactly" : "at most", bytes: chunkBytes };
  return { kind: "exactly", bytes: Math.min(chunkBytes, total - number * chunkBytes) };
};

const chunkFile = (file: ChunkedFile, number: number, index: NameIndex): RequiredFile => {
  const name = chunkNameOf(file.name, number);
  const found = index.find(name);
  return {
    name: found ?? name,
    reference: file.reference,
    isThere: found !== null,
    chunk: number,
    isGap: found === null && number < file.highest,
    size: sizeOfChunk(file, number),
  };
};

/** The file that a reference cuts up, as it is called in the package. */
const chunkedFileOf = (
  reference: FileReference,
  chunkBytes: number,
  index: NameIndex,
): Omit<ChunkedFile, "highest"> => {
  const decoded = reference.name ?? reference.href;
  const isLiteral = index.chunksOf(decoded).size === 0 && index.chunksOf(reference.href).size > 0;
  const name = isLiteral ? reference.href : decoded;
  return { reference, name, chunkBytes, present: index.chunksOf(name) };
};

/**
 * How many chunks of a file are needed. Where its size is not known those count that follow each other from zero, and the first
 * that is not there if a later one is; a first one is needed in any case.
 */
const countOf = ({ reference, chunkBytes, present, highest }: ChunkedFile): number => {
  if (reference.sizeBytes !== null) return chunkCountOf(reference.sizeBytes, chunkBytes);
  let count = 0;
  while (present.has(count)) count += 1;
  return count === 0 || count < highest ? count + 1 : count;
};

/** What a descriptor needs. */
export interface RequiredFiles {
  /** Each once, in the order of the descriptor. */
  readonly files: readonly RequiredFile[];
  /** References whose chunks are beyond what all may have together: not one of them is among the files. */
  readonly beyond: readonly { readonly reference: FileReference; readonly chunks: number }[];
}

class Requirements implements RequiredFiles {
  readonly files: RequiredFile[] = [];
  readonly beyond: { readonly reference: FileReference; readonly chunks: number }[] = [];
  readonly #index: NameIndex;
  readonly #seen = new Set<string>();
  /** Files whose chunks were counted: however many references mean one, that is done once. */
  readonly #cut = new Set<string>();
  #chunks = 0;

  constructor(index: NameIndex) {
    this.#index = index;
  }

  add(reference: FileReference): void {
    const { chunkBytes, name } = reference;
    if (chunkBytes === null || name === null) this.#need(wholeFile(reference, this.#index));
    else this.#addChunks(chunkedFileOf(reference, chunkBytes, this.#index));
  }

  #addChunks(found: Omit<ChunkedFile, "highest">): void {
    const { name, present, reference } = found;
    if (this.#cut.has(name.normalize("NFC"))) return;
    this.#cut.add(name.normalize("NFC"));
    const highest = [...present].reduce((most, one) => Math.max(most, one), -1);
    const file = { ...found, highest };
    const chunks = countOf(file);
    if (this.#chunks + chunks > CHUNKS_MAX) {
      this.beyond.push({ reference, chunks });
      return;
    }
    this.#chunks += chunks;
    for (let number = 0; number < chunks; number += 1)
      this.#need(chunkFile(file, number, this.#index));
  }

  #need(file: RequiredFile): void {
    if (!this.#seen.has(file.name)) this.files.push(file);
    this.#seen.add(file.name);
  }
}

/** Every file that a descriptor needs. Chunks of all files together are `CHUNKS_MAX` at most. */
export const requiredFilesOf = (descriptor: Descriptor, index: NameIndex): RequiredFiles => {
  const requirements = new Requirements(index);
  for (const reference of descriptor.files) requirements.add(reference);
  return requirements;
};
