import { isIP, isIPv6 } from "node:net";

const NAME_CHARACTERS_MAX = 253;
/** With the underscore that DNS does not want and many a machine's own name has. */
const DNS_NAME =
  /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** An IPv6 address in its one shortest spelling, all in hexadecimal. */
const shortest = (address: string): string =>
  new URL(`http://[${address}]`).hostname.replace(/^\[|\]$/g, "");

/**
 * A DNS name or an IP address that a certificate can be for, in the one spelling in which names are compared; null for any other
 * text, such as a name with a wildcard or an address with a zone. Brackets around an IPv6 address may be there.
 */
export const parseCertificateName = (text: string): string | null => {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1");
  if (isIPv6(name)) return name.includes("%") ? null : shortest(name);
  if (isIP(name) !== 0) return name;
  const isName = name.length <= NAME_CHARACTERS_MAX && DNS_NAME.test(name);
  return isName ? name : null;
};

const GROUPS = 8;

const groupsOf = (text: string): readonly number[] =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));

/** The bytes of an IP address as `parseCertificateName` spells it: 4 or 16. */
export const addressBytes = (address: string): Uint8Array => {
  if (!isIPv6(address)) return Uint8Array.from(address.split("."), Number);
  const [head = "", tail = ""] = address.split("::");
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => 0);
  return Uint8Array.from(
    [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]),
  );
};
