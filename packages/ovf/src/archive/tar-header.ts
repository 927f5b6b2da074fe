import { readTarField } from "./read-tar-field.ts";
import { readTarNumber, type TarNumber } from "./tar-number.ts";

/** Bytes of a block; headers are one block, and everything is filled up to whole blocks. */
export const BLOCK_BYTES = 512;

/** A header as it stands (POSIX ustar, and GNU's form of it): names and sizes may be replaced by extensions before it. */
export interface TarHeader {
  readonly name: string;
  /** One character; `0` for a file also where the field is zero. */
  readonly kind: string;
  readonly size: TarNumber;
}

/** What a block is: a header, zeros, or a damaged header and what is wrong with it. */
export type HeaderBlock =
  | { readonly is: "header"; readonly header: TarHeader }
  | { readonly is: "zeros" }
  | { readonly is: "damaged"; readonly why: string };

const MAGIC_AT = 257;
const POSIX_MAGIC = "ustar\0";
const GNU_MAGIC = "ustar  \0";
const CHECKSUM = { from: 148, to: 156 } as const;
const CHECKSUM_AS_BLANKS = 8 * 0x20;

const asciiAt = (block: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...block.subarray(from, from + length));

/** Whether a block has the magic of tar, whatever else is wrong with it. */
export const hasTarMagic = (block: Uint8Array): boolean => asciiAt(block, MAGIC_AT, 5) === "ustar";

/** Whether the checksum of a header fits. The sum is of unsigned bytes; old tools summed signed ones, which POSIX tells readers to accept. */
export const hasItsChecksum = (block: Uint8Array): boolean => {
  let [sum, high] = [CHECKSUM_AS_BLANKS, 0];
  for (let at = 0; at < BLOCK_BYTES; at += 1) {
    const byte = at >= CHECKSUM.from && at < CHECKSUM.to ? 0 : (block[at] ?? 0);
    sum += byte;
    if (byte >= 0x80) high += 1;
  }
  const wanted = readTarNumber(block.subarray(CHECKSUM.from, CHECKSUM.to));
  return wanted === sum || wanted === sum - high * 0x100;
};

/** GNU keeps times and other things where POSIX keeps the first part of a long name. */
const nameIn = (block: Uint8Array, isGnu: boolean): string => {
  const name = readTarField(block.subarray(0, 100));
  const prefix = isGnu ? "" : readTarField(block.subarray(345, 500));
  return prefix === "" ? name : `${prefix}/${name}`;
};

/** Reads a block where a header should be. */
export const readHeaderBlock = (block: Uint8Array): HeaderBlock => {
  if (block.every((byte) => byte === 0)) return { is: "zeros" };
  if (!hasTarMagic(block)) return { is: "damaged", why: "it has no magic of ustar" };
  const isGnu = asciiAt(block, MAGIC_AT, GNU_MAGIC.length) === GNU_MAGIC;
  const isPosix = asciiAt(block, MAGIC_AT, POSIX_MAGIC.length) === POSIX_MAGIC;
  if (!isGnu && !isPosix) return { is: "damaged", why: "its magic is not that of ustar" };
  if (!hasItsChecksum(block)) return { is: "damaged", why: "its checksum does not fit" };
  const kind = asciiAt(block, 156, 1);
  return {
    is: "header",
    header: {
      name: nameIn(block, isGnu),
      kind: kind === "\0" ? "0" : kind,
      size: readTarNumber(block.subarray(124, 136)),
    },
  };
};
