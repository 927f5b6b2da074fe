import type { PackageFile } from "../../../domain/package.ts";
import type { OpenBlob } from "../../../ports/blob-store.ts";
import { readImage, type ReadImage } from "./read-image.ts";

/** How many images are remembered: each takes less than two kibibytes. */
const SHELF_IMAGES_MAX = 2_000;

/**
 * What images say of themselves, read once; those that were asked for last stay longest. It is only a memory: what is not there is read
 * again. So is an image with which something is wrong, since a few bytes of it prove nothing of the others: where the store has
 * spoiled them, and they come anew, they are right.
 */
export class ImageShelf {
  readonly #kept = new Map<string, ReadImage>();

  async read(
    file: PackageFile,
    open: (file: PackageFile) => Promise<OpenBlob>,
  ): Promise<ReadImage> {
    const key = `${file.digest} ${file.name}`;
    const image = this.#kept.get(key) ?? (await readImage(file, open));
    if (image.findings.length === 0) this.#keep(key, image);
    return image;
  }

  #keep(key: string, image: ReadImage): void {
    this.#kept.delete(key);
    this.#kept.set(key, image);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > SHELF_IMAGES_MAX && oldest !== undefined) this.#kept.delete(oldest);
  }
}
