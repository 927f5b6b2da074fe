import { type Finding, type ImageFacts, ImageReader } from "@contentlib/ovf";
import type { PackageFile } from "../../../domain/package.ts";
import type { OpenBlob, Pour } from "../../../ports/blob-store.ts";

/** What an image says of itself, and what is wrong with it. */
export interface ReadImage {
  readonly facts: ImageFacts;
  readonly findings: readonly Finding[];
}

/** Bytes that are asked for at a time: more than an image's head has, and no more of a long file than its store reads ahead. */
const STRETCH_BYTES_MAX = 2 * 1024 * 1024;

/** Where bytes of an image begin that are wanted, and who wants them. */
interface Wanted {
  readonly reader: ImageReader;
  readonly start: number;
}

/** Gives the reader what it wants from there on at a stretch; the blob closes. Resolves to where that ended. */
const readStretch = (blob: OpenBlob, { reader, start }: Wanted): Promise<number> =>
  new Promise((resolve, reject) => {
    const box: { pour?: Pour } = {};
    let offset = start;
    const end = (): void => {
      box.pour?.stop();
      resolve(offset);
    };
    const chunk = (bytes: Uint8Array): boolean => {
      reader.write(bytes);
      offset += bytes.byteLength;
      const isWanted = reader.nextWanted === offset;
      if (!isWanted) end();
      return isWanted;
    };
    const endExclusive = Math.min(blob.sizeBytes, start + STRETCH_BYTES_MAX);
    box.pour = blob.pourInto({ chunk, end, fail: reject }, { start, endExclusive });
  });

/** Reads the head of an image and what that points to; the rest of it, however long, is left alone. */
export const readImage = async (
  file: PackageFile,
  open: (file: PackageFile) => Promise<OpenBlob>,
): Promise<ReadImage> => {
  const findings: Finding[] = [];
  const { name, sizeBytes } = file;
  const reader = new ImageReader(name, (finding) => void findings.push(finding));
  let offset = 0;
  for (let next = reader.nextWanted; next !== null && next < sizeBytes; next = reader.nextWanted) {
    const blob = await open(file);
    // The store has less than it said.
    if (blob.sizeBytes <= next) {
      blob.close();
      break;
    }
    reader.skip(next - offset);
    offset = await readStretch(blob, { reader, start: next });
  }
  return { facts: reader.end(sizeBytes), findings };
};
