const BYTE = /^(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const ZONE = /%[\w.-]+$/;
const GROUPS_OF_ALL = 8;
const BYTES_OF_IPV4 = 4;

const isIpv4 = (text: string): boolean => {
  const bytes = text.split(".");
  return bytes.length === BYTES_OF_IPV4 && bytes.every((byte) => BYTE.test(byte));
};

/** How many groups of 16 bits a part of an IPv6 address has; null where it is none. The last two may be written as IPv4. */
const countGroups = (part: string, isLast: boolean): number | null => {
  if (part === "") return 0;
  const groups = part.split(":");
  const last = groups.at(-1) ?? "";
  const isMixed = isLast && isIpv4(last);
  const plain = isMixed ? groups.slice(0, -1) : groups;
  return plain.every((group) => GROUP.test(group)) ? groups.length + (isMixed ? 1 : 0) : null;
};

const isIpv6 = (text: string): boolean => {
  const parts = text.replace(ZONE, "").split("::");
  if (parts.length > 2) return false;
  const counts = parts.map((part, index) => countGroups(part, index === parts.length - 1));
  const all = counts.reduce<number>((sum, count) => sum + (count ?? GROUPS_OF_ALL + 1), 0);
  return parts.length === 2 ? all < GROUPS_OF_ALL : all === GROUPS_OF_ALL;
};

/** Whether a text is an address of IPv4 or IPv6, with its zone where it has one. */
export const isNetworkAddress = (text: string): boolean => isIpv4(text) || isIpv6(text);
