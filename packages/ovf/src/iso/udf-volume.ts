import { readCompressedText } from "./field-text.ts";
import type { ImageBytes, ImageWindow } from "./image-bytes.ts";

/** What the descriptors of UDF (ECMA-167 3/10) say of a volume. */
export interface UdfVolume {
  readonly label: string | null;
  /** Where its partition ends, in bytes; null where no partition is told of. */
  readonly bytes: number | null;
}

/** Sizes of sectors that discs and sticks have. */
const BLOCK_SIZES = [2048, 512, 4096] as const;
const ANCHOR_BLOCK = 256;
/** Bytes of an image in which an anchor must lie. */
export const UDF_HEAD_BYTES = (ANCHOR_BLOCK + 1) * BLOCK_SIZES[2];
/** Most descriptors of a sequence that are read; it has six or so. */
const DESCRIPTORS_MAX = 32;

const TAG_BYTES = 16;
const ANCHOR = 2;
const PARTITION = 5;
const LOGICAL_VOLUME = 6;
const TERMINATOR = 8;

/** The tag before every descriptor says what it is, and where; its own bytes add up to its checksum (3/7.2). */
const tagOf = (view: DataView, block: number): number | null => {
  if (view.byteLength < TAG_BYTES) return null;
  let sum = 0;
  for (let at = 0; at < TAG_BYTES; at += 1) if (at !== 4) sum += view.getUint8(at);
  const isSound = (sum & 0xff) === view.getUint8(4) && view.getUint32(12, true) === block;
  return isSound ? view.getUint16(0, true) : null;
};

/** Where the sequence of descriptors lies, and in blocks of which size. */
export interface UdfSequence {
  readonly blockBytes: number;
  readonly window: ImageWindow;
}

/** Finds the anchor, and in it the main sequence; null where there is no anchor. */
export const findUdfSequence = (image: ImageBytes): UdfSequence | null => {
  for (const blockBytes of BLOCK_SIZES) {
    const anchor = image.at(ANCHOR_BLOCK * blockBytes, 512);
    if (tagOf(anchor, ANCHOR_BLOCK) !== ANCHOR) continue;
    const bytes = Math.min(anchor.getUint32(16, true), DESCRIPTORS_MAX * blockBytes);
    return { blockBytes, window: { offset: anchor.getUint32(20, true) * blockBytes, bytes } };
  }
  return null;
};

/** Reads the descriptors of a sequence: of its partitions and of the logical volume. */
export const readUdfVolume = (
  image: ImageBytes,
  { blockBytes, window }: UdfSequence,
): UdfVolume => {
  let [label, bytes]: [string | null, number | null] = [null, null];
  for (let at = 0; at + blockBytes <= window.bytes; at += blockBytes) {
    const offset = window.offset + at;
    const view = image.at(offset, 512);
    const tag = tagOf(view, offset / blockBytes);
    if (tag === null || tag === TERMINATOR) break;
    if (tag === LOGICAL_VOLUME) label = readCompressedText(view, 84, 128);
    if (tag === PARTITION) {
      const end = (view.getUint32(188, true) + view.getUint32(192, true)) * blockBytes;
      bytes = Math.max(bytes ?? 0, end);
    }
  }
  return { label, bytes };
};
