import { CAPACITY_EXPONENT_MAX } from "../limits.ts";

const LARGEST = 2n ** 63n;

/** A whole number in decimal digits, at most 2^63; null for anything else, such as signs, exponents and hexadecimal. */
export const parseWholeNumber = (text: string): bigint | null => {
  const digits = text.trim();
  if (!/^[0-9]{1,19}$/.test(digits)) return null;
  const value = BigInt(digits);
  return value <= LARGEST ? value : null;
};

/** A number of bytes of a file, which JavaScript must be able to count; null for anything else. */
export const parseByteCount = (text: string): number | null => {
  const value = parseWholeNumber(text);
  return value === null || value > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
};

/** Words for units of storage, as products write them; OVF 0.9 and old tools have the long ones. */
const BASES: ReadonlyMap<string, bigint> = new Map([
  ["byte", 1n],
  ["bytes", 1n],
  ["kilobyte", 2n ** 10n],
  ["kilobytes", 2n ** 10n],
  ["kb", 2n ** 10n],
  ["megabyte", 2n ** 20n],
  ["megabytes", 2n ** 20n],
  ["mb", 2n ** 20n],
  ["gigabyte", 2n ** 30n],
  ["gigabytes", 2n ** 30n],
  ["gb", 2n ** 30n],
  ["terabyte", 2n ** 40n],
  ["terabytes", 2n ** 40n],
  ["tb", 2n ** 40n],
]);

const UNIT_CHARACTERS_MAX = 100;

const factorOf = (text: string): bigint | null => {
  const power = /^(2|10)\s?\^\s?([0-9]{1,2})$/.exec(text);
  if (power !== null) {
    const exponent = Number(power[2]);
    return exponent <= CAPACITY_EXPONENT_MAX ? BigInt(power[1] ?? "") ** BigInt(exponent) : null;
  }
  return /^[0-9]{1,10}$/.test(text) ? BigInt(text) : null;
};

/**
 * How many bytes a unit has (DSP0004 C.1, as far as it concerns bytes): a word for bytes, times factors as in `byte * 2^30`.
 * Null where it is not of this form or comes to nothing.
 */
export const parseByteUnit = (text: string): bigint | null => {
  if (text.length > UNIT_CHARACTERS_MAX) return null;
  const [word = "", ...factors] = text.split("*").map((part) => part.trim());
  let unit = BASES.get(word.toLowerCase()) ?? null;
  for (const written of factors) {
    const factor = factorOf(written);
    unit = unit === null || factor === null ? null : unit * factor;
  }
  return unit === 0n ? null : unit;
};

/** Whether a value is left to whoever deploys the template, as in `${size}` (DSP0243 9.1). */
export const isProperty = (text: string): boolean => /^\$\{[^{}]*\}$/.test(text.trim());
