import type { ImageFacts } from "./image-facts.ts";

type Firmware = ImageFacts["boots"][number];

/** Bytes of a catalogue that are read: its first sector, as it is with all tools. */
export const CATALOGUE_BYTES = 2048;
const ENTRY_BYTES = 32;
const VALIDATION = 0x01;
const SECTION_HEADER = 0x90;
const LAST_SECTION_HEADER = 0x91;
const BOOTABLE = 0x88;

const FIRMWARES: ReadonlyMap<number, Firmware> = new Map([
  [0x00, "bios"],
  [0xef, "uefi"],
]);

const isValid = (catalogue: DataView): boolean => {
  let sum = 0;
  for (let at = 0; at < ENTRY_BYTES; at += 2) sum += catalogue.getUint16(at, true);
  const hasKey = catalogue.getUint16(30, true) === 0xaa55;
  return catalogue.getUint8(0) === VALIDATION && hasKey && (sum & 0xffff) === 0;
};

/** The firmware that a boot catalogue (El Torito 1.0, section 2) has something to start for. */
export const readBootCatalogue = (catalogue: DataView): readonly Firmware[] => {
  if (catalogue.byteLength < CATALOGUE_BYTES || !isValid(catalogue)) return [];
  const found = new Set<Firmware>();
  let platform = catalogue.getUint8(1);
  for (let at = ENTRY_BYTES; at < CATALOGUE_BYTES; at += ENTRY_BYTES) {
    const kind = catalogue.getUint8(at);
    if (kind === SECTION_HEADER || kind === LAST_SECTION_HEADER)
      platform = catalogue.getUint8(at + 1);
    const firmware = FIRMWARES.get(platform);
    if (kind === BOOTABLE && firmware !== undefined) found.add(firmware);
  }
  return [...found];
};
