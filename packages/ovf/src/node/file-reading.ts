import type { DigestAlgorithm, Digests, RunningDigest } from "../digest-algorithm.ts";
import type { Report } from "../finding.ts";
import type { ImageFacts } from "../iso/image-facts.ts";
import { ImageReader } from "../iso/image-reader.ts";
import type { PackageFile } from "../judge/package-contents.ts";
import { startDigest } from "./start-digest.ts";

/** As many bytes of a file are kept as say whether it is a gzip stream. */
export const HEAD_BYTES = 16;

const IMAGE = /\.iso$/i;

/** Whether a file is read as an image of a disc, by its name. */
export const isImageName = (name: string): boolean => IMAGE.test(name);

/** What a file is read for. */
export interface FileReadingUse {
  readonly name: string;
  readonly algorithms: Iterable<DigestAlgorithm>;
  readonly report: Report;
}

/** A file of a package after its last byte. */
export interface ReadFile {
  readonly file: PackageFile;
  /** Null where it is no image of a disc. */
  readonly image: ImageFacts | null;
}

/** Makes the digests of a file while its bytes pass, keeps its first ones, and reads it as an image where it is one by its name. */
export class FileReading {
  readonly #name: string;
  readonly #digests: ReadonlyMap<DigestAlgorithm, RunningDigest>;
  readonly #image: ImageReader | null;
  readonly #head = new Uint8Array(HEAD_BYTES);
  #bytes = 0;

  constructor({ name, algorithms, report }: FileReadingUse) {
    this.#name = name;
    this.#digests = new Map([...algorithms].map((one) => [one, startDigest(one)]));
    this.#image = isImageName(name) ? new ImageReader(name, report) : null;
  }

  /** Takes the next bytes. */
  write(bytes: Uint8Array): void {
    if (this.#bytes < HEAD_BYTES)
      this.#head.set(bytes.subarray(0, HEAD_BYTES - this.#bytes), this.#bytes);
    this.#bytes += bytes.length;
    for (const digest of this.#digests.values()) digest.update(bytes);
    this.#image?.write(bytes);
  }

  /** What was read. Who did not write all bytes names the size of the whole. */
  end(sizeBytes = this.#bytes): ReadFile {
    const digests: Digests = Object.fromEntries(
      [...this.#digests].map(([algorithm, digest]) => [algorithm, digest.hex()]),
    );
    const head = this.#head.subarray(0, Math.min(this.#bytes, HEAD_BYTES));
    return {
      file: { name: this.#name, sizeBytes, digests, head },
      image: this.#image?.end(sizeBytes) ?? null,
    };
  }
}
