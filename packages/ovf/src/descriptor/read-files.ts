import type { FindingCode } from "../finding-codes.ts";
import { CHUNKS_MAX } from "../limits.ts";
import type { FindingDetails } from "../make-finding.ts";
import { nameOfHref } from "../names/name-of-href.ts";
import { chunkCountOf } from "./chunk-names.ts";
import type { FileReference } from "./descriptor.ts";
import type { WrittenFile } from "./envelope-parts.ts";
import { parseByteCount } from "./numbers.ts";

type Tell = (code: FindingCode, details: FindingDetails) => void;

/** Reads the files of the References in their order, and tells what is wrong with them. */
class FileReading {
  readonly #tell: Tell;
  readonly #ids = new Set<string>();
  /** Names, and hrefs that mean none. */
  readonly #targets = new Set<string>();
  #chunks = 0;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  read(file: WrittenFile): FileReference | null {
    const { place, href } = file;
    if (file.id === null)
      this.#tell(
        "descriptor.file_without_id",
        href === null ? { place } : { place, subject: href },
      );
    else if (this.#ids.has(file.id))
      this.#tell("descriptor.file_id_twice", { place, subject: file.id });
    const id = file.id ?? "";
    this.#ids.add(id);
    if (href === null || href === "") {
      this.#tell("descriptor.file_without_href", { place, subject: id });
      return null;
    }
    const name = this.#name(file, href);
    const sizeBytes = this.#size(file, id);
    const chunkBytes = this.#chunkBytes(file, id);
    const isWithinLimit = chunkBytes === null || this.#countChunks(file, sizeBytes, chunkBytes);
    return {
      id,
      href,
      name: isWithinLimit ? name : null,
      sizeBytes,
      compression: this.#compression(file, id),
      chunkBytes,
      line: "line" in place ? place.line : 1,
    };
  }

  #name({ place }: WrittenFile, href: string): string | null {
    const meaning = nameOfHref(href);
    if (meaning.kind === "remote") this.#tell("descriptor.href_remote", { place, subject: href });
    if (meaning.kind === "refused") this.#tell("descriptor.href_refused", { place, subject: href });
    const name = meaning.kind === "name" ? meaning.name : null;
    if (this.#targets.has(name ?? href))
      this.#tell("descriptor.href_twice", { place, subject: href });
    this.#targets.add(name ?? href);
    return name;
  }

  #size({ place, size }: WrittenFile, id: string): number | null {
    const bytes = size === null ? null : parseByteCount(size);
    if (size !== null && bytes === null)
      this.#tell("descriptor.size_refused", { place, subject: id, actual: size });
    return bytes;
  }

  #chunkBytes({ place, chunkSize }: WrittenFile, id: string): number | null {
    if (chunkSize === null) return null;
    const bytes = parseByteCount(chunkSize);
    if (bytes !== null && bytes > 0) return bytes;
    this.#tell("descriptor.chunk_size_refused", { place, subject: id, actual: chunkSize });
    return null;
  }

  /** Counts the chunks of all files together, since each is a file that is looked for. */
  #countChunks(file: WrittenFile, sizeBytes: number | null, chunkBytes: number): boolean {
    const count = sizeBytes === null ? 1 : chunkCountOf(sizeBytes, chunkBytes);
    if (this.#chunks + count <= CHUNKS_MAX) {
      this.#chunks += count;
      return true;
    }
    this.#tell("descriptor.too_many_chunks", {
      place: file.place,
      subject: file.id ?? "",
      expected: CHUNKS_MAX,
      actual: count,
    });
    return false;
  }

  #compression({ place, compression }: WrittenFile, id: string): FileReference["compression"] {
    const word = compression?.trim().toLowerCase() ?? "";
    if (word === "" || word === "identity") return "identity";
    if (word === "gzip") return "gzip";
    this.#tell("descriptor.compression_unknown", {
      place,
      subject: id,
      actual: compression ?? "",
    });
    return "other";
  }
}

/** The files of the References as far as they can be told; those without an href are left out. */
export const readFiles = (files: readonly WrittenFile[], tell: Tell): readonly FileReference[] => {
  const reading = new FileReading(tell);
  return files.map((file) => reading.read(file)).filter((file) => file !== null);
};
