import { isNetworkAddress } from "./network-address.ts";

/** An address of IPv4 or IPv6 as its 4 or 16 bytes. IPv6 that only carries IPv4 (`::ffff:10.0.0.1`) is that IPv4 address. */
export type IpAddress = readonly number[];

const BYTES_OF_IPV4 = 4;
const BYTES_OF_IPV6 = 16;
const BITS_OF_BYTE = 8;
const BYTE_VALUES = 256;
const MAPPED: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** How the C library reads a part of an IPv4 address: hexadecimal, octal or decimal. */
const PARTS: readonly (readonly [spelling: RegExp, base: number])[] = [
  [/^0x([0-9a-f]{0,8})$/i, 16],
  [/^0([0-7]{1,11})$/, 8],
  [/^(0|[1-9]\d{0,9})$/, 10],
];

const bytesOf = (groups: readonly string[]): readonly number[] =>
  groups.flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> BITS_OF_BYTE, value % BYTE_VALUES];
  });

const ipv6Bytes = (text: string): readonly number[] => {
  const [head = "", tail = ""] = text.split("::");
  const [before, after] = [head, tail].map((part) => bytesOf(part === "" ? [] : part.split(":")));
  const known = (before?.length ?? 0) + (after?.length ?? 0);
  const zeros = Array.from({ length: BYTES_OF_IPV6 - known }, () => 0);
  return [...(before ?? []), ...zeros, ...(after ?? [])];
};

const startsWith = (bytes: readonly number[], start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

/** The address in one of its standard spellings, a zone left aside; null for any other text. */
export const parseIpAddress = (text: string): IpAddress | null => {
  const plain = text.split("%")[0] ?? "";
  if (!isNetworkAddress(plain)) return null;
  if (!plain.includes(":")) return plain.split(".").map(Number);
  const bytes = ipv6Bytes(plain);
  return startsWith(bytes, MAPPED) ? bytes.slice(MAPPED.length) : bytes;
};

const parsePart = (text: string): number | null => {
  for (const [spelling, base] of PARTS) {
    const digits = spelling.exec(text)?.[1];
    if (digits !== undefined) return digits === "" ? 0 : Number.parseInt(digits, base);
  }
  return null;
};

/** The spellings of inet_aton: one to four numbers, of which the last fills all bytes that are left. */
const parseOldIpv4 = (text: string): IpAddress | null => {
  const parts = text.split(".").map(parsePart);
  if (parts.length > BYTES_OF_IPV4 || !parts.every((part) => part !== null)) return null;
  const last = parts.at(-1) ?? 0;
  const before = parts.slice(0, -1);
  const bytesLeft = BYTES_OF_IPV4 - before.length;
  if (before.some((part) => part >= BYTE_VALUES) || last >= BYTE_VALUES ** bytesLeft) return null;
  const tail = Array.from(
    { length: bytesLeft },
    (_, index) => Math.floor(last / BYTE_VALUES ** (bytesLeft - 1 - index)) % BYTE_VALUES,
  );
  return [...before, ...tail];
};

/** A name without the dots at its end. No pattern, which would take quadratic time for dots elsewhere. */
export const withoutEndDots = (name: string): string => {
  let end = name.length;
  while (name[end - 1] === ".") end -= 1;
  return name.slice(0, end);
};

/**
 * The address that a host in a URL is, in any spelling that some resolver takes for one: brackets, zones, dots at the end, and
 * IPv4 in fewer parts, in octal or in hexadecimal. Null for a name.
 */
export const parseHostAddress = (host: string): IpAddress | null => {
  const plain = withoutEndDots(host.replace(/^\[(.*)\]$/, "$1"));
  return parseIpAddress(plain) ?? (plain === "" ? null : parseOldIpv4(plain));
};

/** Whether the first `bits` bits of both addresses are the same, and both are of one kind. */
export const isInNetwork = (address: IpAddress, network: IpAddress, bits: number): boolean => {
  if (address.length !== network.length) return false;
  const whole = Math.floor(bits / BITS_OF_BYTE);
  if (!startsWith(address, network.slice(0, whole))) return false;
  const rest = BITS_OF_BYTE - (bits % BITS_OF_BYTE);
  return rest === BITS_OF_BYTE || (address[whole] ?? 0) >> rest === (network[whole] ?? 0) >> rest;
};
