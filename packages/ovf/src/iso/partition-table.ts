import type { ImageBytes } from "./image-bytes.ts";

const MBR_BYTES = 512;
const ENTRIES_AT = 446;
const ENTRY_BYTES = 16;
const ENTRIES = 4;
const KIND_AT = 4;
const SECTORS_AT = 12;

/** Whether an image has a partition table that is not empty; one of GPT has an entry here too, that keeps others off. */
export const hasPartitions = (image: ImageBytes): boolean => {
  const mbr = image.at(0, MBR_BYTES);
  if (mbr.byteLength === 0 || mbr.getUint16(510, true) !== 0xaa55) return false;
  return Array.from({ length: ENTRIES }, (_, at) => ENTRIES_AT + at * ENTRY_BYTES).some(
    (entry) => mbr.getUint8(entry + KIND_AT) !== 0 && mbr.getUint32(entry + SECTORS_AT, true) > 0,
  );
};
