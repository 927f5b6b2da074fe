import type { PackageFile, PackageJudgement, PackagePreview } from "../../../domain/package.ts";
import type { ItemType, TypedFiles } from "../../../ports/item-type.ts";
import { PortError } from "../../../ports/port-error.ts";
import { ImageShelf } from "./image-shelf.ts";
import type { ReadImage } from "./read-image.ts";
import { factsOfImage, faultOfImage, remarkOf } from "./told-image.ts";

const IMAGE = /\.iso$/i;

/** Of how many images of an item is told what they say. */
const IMAGES_TOLD_MAX = 100;

interface NamedImage {
  readonly name: string;
  readonly image: ReadImage;
}

/**
 * Images of discs. Each file stands for itself: what is found refuses it only where its library says so, and is told with the item
 * everywhere else. There is nothing to preview, and nothing is read before somebody has to know. (S130)
 */
export class IsoItemType implements ItemType {
  readonly type = "iso";
  readonly looksIntoFiles = true;
  readonly isPackage = false;
  readonly #shelf = new ImageShelf();

  tellsOfOthers(name: string): boolean {
    return IMAGE.test(name);
  }

  isArchive(): boolean {
    return false;
  }

  isKept(): boolean {
    return true;
  }

  checkAdd(): null {
    return null;
  }

  previewBefore(): PackagePreview {
    return { state: "NOT_APPLICABLE" };
  }

  async judge(given: TypedFiles): Promise<PackageJudgement> {
    const images = await this.#read(given);
    const findings = images.flatMap(({ image }) => image.findings);
    const told = images.slice(0, IMAGES_TOLD_MAX);
    return {
      faults: given.rejectsBadImages ? findings.map(faultOfImage) : [],
      missing: [],
      wanted: [],
      algorithms: [],
      preview: this.previewBefore(),
      verification: null,
      facts: { images: told.map(({ name, image }) => factsOfImage(name, image)) },
      remarks: given.rejectsBadImages ? [] : findings.map(remarkOf),
    };
  }

  /** Where any of them could be refused each is looked at; else only those of which something is told. */
  async #read({ files, open, rejectsBadImages }: TypedFiles): Promise<readonly NamedImage[]> {
    const all = files.filter(({ name }) => IMAGE.test(name));
    const images: NamedImage[] = [];
    for (const file of rejectsBadImages ? all : all.slice(0, IMAGES_TOLD_MAX)) {
      const image = await this.#readOne(file, { open, rejectsBadImages });
      if (image !== null) images.push({ name: file.name, image });
    }
    return images;
  }

  /** Null where the store has no such bytes, and nobody has to know what they are. */
  async #readOne(
    file: PackageFile,
    { open, rejectsBadImages }: Pick<TypedFiles, "open" | "rejectsBadImages">,
  ): Promise<ReadImage | null> {
    try {
      return await this.#shelf.read(file, open);
    } catch (error) {
      const isLost = error instanceof PortError && error.kind === "corrupt";
      if (isLost && !rejectsBadImages) return null;
      throw error;
    }
  }
}
