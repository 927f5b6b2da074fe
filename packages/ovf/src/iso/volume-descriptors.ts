import { readFieldText, readWideText } from "./field-text.ts";
import type { ImageBytes } from "./image-bytes.ts";

/** What the descriptors of ISO 9660 (ECMA-119 8) say of a volume. */
export interface IsoVolume {
  readonly label: string | null;
  /** Of the descriptor for Joliet, which has room for fewer characters but for all of Unicode. */
  readonly jolietLabel: string | null;
  readonly bytes: number;
  readonly publisherId: string | null;
  readonly applicationId: string | null;
  /** Where the boot catalogue lies, in bytes; null where there is none. */
  readonly catalogueAt: number | null;
}

/** What the sectors from the 16th on are. */
export interface VolumeSequence {
  readonly iso: IsoVolume | null;
  /** Whether the disc says that it has UDF. */
  readonly hasUdf: boolean;
}

export const SECTOR_BYTES = 2048;
const FIRST_SECTOR = 16;
/** How many sectors are looked at: real sequences have less than ten, with gaps where blocks are larger than sectors. */
const SECTORS_MAX = 64;

const BOOT_RECORD = 0;
const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const EL_TORITO = "EL TORITO SPECIFICATION";
const JOLIET_ESCAPES = new Set(["%/@", "%/C", "%/E"]);

const NO_VOLUME: IsoVolume = {
  label: null,
  jolietLabel: null,
  bytes: 0,
  publisherId: null,
  applicationId: null,
  catalogueAt: null,
};

const withDescriptor = (volume: IsoVolume | null, sector: DataView): IsoVolume | null => {
  const kind = sector.getUint8(0);
  if (kind === PRIMARY && volume?.bytes) return volume;
  const before = volume ?? NO_VOLUME;
  if (kind === PRIMARY)
    return {
      ...before,
      label: readFieldText(sector, 40, 32),
      bytes: sector.getUint32(80, true) * sector.getUint16(128, true),
      publisherId: readFieldText(sector, 318, 128),
      applicationId: readFieldText(sector, 574, 128),
    };
  if (kind === SUPPLEMENTARY && JOLIET_ESCAPES.has(readFieldText(sector, 88, 3) ?? ""))
    return { ...before, jolietLabel: readWideText(sector, 40, 32) };
  if (kind === BOOT_RECORD && readFieldText(sector, 7, 32) === EL_TORITO)
    return { ...before, catalogueAt: sector.getUint32(71, true) * SECTOR_BYTES };
  return before;
};

/** Reads the volume recognition sequence (ECMA-119 8, ECMA-167 2/8.3), which is the same for both file systems. */
export const readVolumeSequence = (image: ImageBytes): VolumeSequence => {
  let iso: IsoVolume | null = null;
  let [hasPrimary, isExtended, hasUdf] = [false, false, false];
  for (let at = FIRST_SECTOR; at < FIRST_SECTOR + SECTORS_MAX; at += 1) {
    const sector = image.at(at * SECTOR_BYTES, SECTOR_BYTES);
    if (sector.byteLength === 0) break;
    const id = readFieldText(sector, 1, 5);
    if (id === "CD001") {
      iso = withDescriptor(iso, sector);
      hasPrimary ||= sector.getUint8(0) === PRIMARY;
    }
    if (id === "BEA01") isExtended = true;
    if (id === "NSR02" || id === "NSR03") hasUdf ||= isExtended;
  }
  return { iso: hasPrimary ? iso : null, hasUdf };
};
