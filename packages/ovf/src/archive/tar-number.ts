/** A number of a header: its value, or how it reads where it is none that can be used. */
export type TarNumber = number | { readonly refused: string };

const ZERO = 0x30;
const SEVEN = 0x37;
const BLANK = 0x20;
const IS_BASE_256 = 0x80;
const IS_NEGATIVE = 0x40;

const isFiller = (byte: number): boolean => byte === 0 || byte === BLANK;

const textOf = (field: Uint8Array): string =>
  String.fromCharCode(...field)
    .replaceAll("\0", " ")
    .trim();

/** Octal digits, with blanks before them and blanks or zeros behind (POSIX ustar); no digit at all is no number. */
const octalOf = (field: Uint8Array): TarNumber => {
  let at = 0;
  while (field[at] === BLANK) at += 1;
  const start = at;
  let value = 0;
  for (
    let byte = field[at];
    byte !== undefined && byte >= ZERO && byte <= SEVEN;
    byte = field[at]
  ) {
    value = value * 8 + (byte - ZERO);
    at += 1;
  }
  const isWhole = at > start && field.subarray(at).every(isFiller);
  return isWhole ? value : { refused: textOf(field) || "blank" };
};

/** GNU's binary form: the first bit says so, the others are a two's complement, the most significant first. */
const base256Of = (field: Uint8Array): TarNumber => {
  const [first = 0, ...rest] = field;
  const bits = rest.reduce((sum, byte) => (sum << 8n) | BigInt(byte), BigInt(first & ~IS_BASE_256));
  const isNegative = (first & IS_NEGATIVE) !== 0;
  const value = isNegative ? bits - (1n << BigInt(field.length * 8 - 1)) : bits;
  const isUsable = !isNegative && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return isUsable ? Number(value) : { refused: String(value) };
};

/** Reads a number of a header, octal or in GNU's binary form, from 0 to 2^53 - 1. */
export const readTarNumber = (field: Uint8Array): TarNumber =>
  ((field[0] ?? 0) & IS_BASE_256) === 0 ? octalOf(field) : base256Of(field);

const DECIMAL = /^\d{1,16}$/;

/** Reads the decimal number of a pax record, from 0 to 2^53 - 1. */
export const readPaxNumber = (text: string): TarNumber => {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : { refused: text };
};
