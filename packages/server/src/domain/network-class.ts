import { invariant } from "./invariant.ts";
import { isInNetwork, parseIpAddress } from "./ip-address.ts";
import type { IpAddress } from "./ip-address.ts";

/** Kinds of addresses that no remote source has, unless the operator says so. */
export type NetworkClass =
  | "loopback"
  | "unspecified"
  | "link-local"
  | "multicast"
  | "broadcast"
  | "metadata";

interface Network {
  readonly address: IpAddress;
  readonly bits: number;
}

const network = (text: string): Network => {
  const [start = "", bits] = text.split("/");
  const address = parseIpAddress(start);
  invariant(address !== null, `${text} is a network.`);
  return { address, bits: bits === undefined ? address.length * 8 : Number(bits) };
};

const networks = (...texts: readonly string[]): readonly Network[] => texts.map(network);

/** The more telling kind first: some clouds' services of metadata are link-local as well. */
const CLASSES: readonly (readonly [NetworkClass, readonly Network[]])[] = [
  // Amazon and others, Amazon over IPv6 with its credentials, Alibaba, Oracle, Azure, Google over IPv6, Scaleway over IPv6.
  [
    "metadata",
    networks(
      "169.254.169.254",
      "fd00:ec2::/32",
      "100.100.100.200",
      "192.0.0.192",
      "168.63.129.16",
      "fd20:ce::254",
      "fd00:42::42",
    ),
  ],
  ["loopback", networks("127.0.0.0/8", "::1")],
  ["unspecified", networks("0.0.0.0/8", "::")],
  ["link-local", networks("169.254.0.0/16", "fe80::/10")],
  ["multicast", networks("224.0.0.0/4", "ff00::/8")],
  ["broadcast", networks("255.255.255.255")],
];

const isIn = (address: IpAddress) => (one: Network) => isInNetwork(address, one.address, one.bits);

/** The kind of an address; null for any that may be fetched from, private ones among them. */
export const networkClassOf = (address: IpAddress): NetworkClass | null =>
  CLASSES.find(([, members]) => members.some(isIn(address)))?.[0] ?? null;

const LAST: readonly number[] = [12, 13, 14, 15];

/** Networks of IPv6 whose addresses stand for one of IPv4, with the places of its bytes. */
const CARRIERS: readonly (readonly [Network, places: readonly number[]])[] = [
  // IPv4-compatible, IPv4-translated, and NAT64.
  [network("::/96"), LAST],
  [network("::ffff:0:0:0/96"), LAST],
  [network("64:ff9b::/96"), LAST],
  // 6to4, and the server of Teredo.
  [network("2002::/16"), [2, 3, 4, 5]],
  [network("2001::/32"), [4, 5, 6, 7]],
];

const TEREDO = network("2001::/32");

/** NAT64 for local use: the length of the prefix is a matter of the site, any of RFC 6052. */
const LOCAL_NAT64 = network("64:ff9b:1::/48");
const LOCAL_PLACES: readonly (readonly number[])[] = [
  [6, 7, 9, 10],
  [7, 9, 10, 11],
  [9, 10, 11, 12],
  LAST,
];
/** The interface of ISATAP: 0000:5efe or 0200:5efe, then IPv4. */
const isIsatap = (address: IpAddress): boolean =>
  (address[8] === 0 || address[8] === 2) &&
  address[9] === 0 &&
  address[10] === 0x5e &&
  address[11] === 0xfe;

/** Bits that the prefix leaves at zero are no address, unless there is nothing else. */
const localNat64 = (address: IpAddress): readonly IpAddress[] => {
  const read = LOCAL_PLACES.map((places) => taken(address, places));
  const told = read.filter(([first]) => first !== 0);
  return told.length > 0 ? told : read.slice(-1);
};

const taken = (address: IpAddress, places: readonly number[]): IpAddress =>
  places.map((place) => address[place] ?? 0);

/** `::` and `::1` look as if they carried IPv4, and do not. */
const PLAIN = networks("::/127");

/** The IPv4 addresses that a packet to this one may end at, for it carries them. */
export const carriedAddresses = (address: IpAddress): readonly IpAddress[] => {
  if (address.length === 4 || PLAIN.some(isIn(address))) return [];
  const carried = CARRIERS.flatMap(([carrier, places]) =>
    isIn(address)(carrier) ? [taken(address, places)] : [],
  );
  if (isIn(address)(LOCAL_NAT64)) carried.push(...localNat64(address));
  const tail = taken(address, LAST);
  if (isIn(address)(TEREDO)) carried.push(tail.map((byte) => byte ^ 0xff));
  if (isIsatap(address)) carried.push(tail);
  return carried;
};
