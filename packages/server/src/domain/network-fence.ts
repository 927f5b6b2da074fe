import { isInNetwork, parseHostAddress, parseIpAddress, withoutEndDots } from "./ip-address.ts";
import type { IpAddress } from "./ip-address.ts";
import type { NetworkClass } from "./network-class.ts";
import { carriedAddresses, networkClassOf } from "./network-class.ts";

/** Both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** What the operator says of some remote hosts; `ports` is null where it is said of all ports. */
export type FenceRule =
  /** `address` in a standard spelling; the first `bits` bits are those of the network. */
  | {
      readonly kind: "network";
      readonly address: string;
      readonly bits: number;
      readonly ports: PortRange | null;
    }
  /** A name in lower case, `*.` before a name for all below it, or `*` for every host. */
  | { readonly kind: "host"; readonly pattern: string; readonly ports: PortRange | null };

/** Which hosts the server opens connections to because somebody asked for it. What is denied wins over what is allowed. */
export interface NetworkFence {
  readonly deny: readonly FenceRule[];
  readonly allow: readonly FenceRule[];
}

/** Why a connection is not opened: the operator said so, or the server does not connect to addresses of that kind. */
export type FenceRefusal = "denied" | "own" | NetworkClass;

/** A place that somebody wants to connect to. */
export interface Place {
  /** As it stands in the URL. */
  readonly host: string;
  readonly port: number;
}

/** Classes that a name must not open: whoever owns the name would choose which of their addresses it is. */
const BY_ADDRESS_ONLY: readonly FenceRefusal[] = [
  "unspecified",
  "link-local",
  "multicast",
  "broadcast",
  "metadata",
];

const hasPort = ({ ports }: FenceRule, port: number): boolean =>
  ports === null || (port >= ports.from && port <= ports.to);

const nameOf = (host: string): string => withoutEndDots(host).toLowerCase();

const fitsHost = (rule: FenceRule, { host, port }: Place): boolean => {
  if (rule.kind !== "host" || !hasPort(rule, port)) return false;
  const { pattern } = rule;
  if (pattern === "*") return true;
  if (parseHostAddress(host) !== null) return false;
  return pattern.startsWith("*.")
    ? nameOf(host).endsWith(pattern.slice(1))
    : nameOf(host) === pattern;
};

interface Network {
  readonly start: IpAddress;
  readonly bits: number;
}

const networkOf = (rule: FenceRule): Network | null => {
  const start = rule.kind === "network" ? parseIpAddress(rule.address) : null;
  if (rule.kind !== "network" || start === null) return null;
  // The bits of a network of mapped addresses count the 96 that stand before them.
  const isMapped = start.length === 4 && rule.address.includes(":");
  return { start, bits: isMapped ? Math.max(0, rule.bits - 96) : rule.bits };
};

const fitsAddress = (rule: FenceRule, address: IpAddress, port: number): boolean => {
  const network = networkOf(rule);
  if (network === null || !hasPort(rule, port)) return false;
  return isInNetwork(address, network.start, network.bits);
};

const isOfOneAddress = (rule: FenceRule): boolean => {
  const network = networkOf(rule);
  return network !== null && network.bits === network.start.length * 8;
};

const classOf = (address: IpAddress, ownAddresses: readonly string[]): FenceRefusal | null => {
  const kind = networkClassOf(address);
  if (kind !== null) return kind;
  const isOwn = ownAddresses.some((own) => String(parseIpAddress(own)) === String(address));
  return isOwn ? "own" : null;
};

const judgeOne = (
  { deny, allow }: NetworkFence,
  place: Place,
  found: { readonly address: IpAddress; readonly ownAddresses: readonly string[] },
): FenceRefusal | null => {
  const { address, ownAddresses } = found;
  if (deny.some((rule) => fitsAddress(rule, address, place.port))) return "denied";
  const refusal = classOf(address, ownAddresses);
  // Metadata services hand out the keys of the machine: a network that happens to hold one says nothing about it.
  const openers = refusal === "metadata" ? allow.filter(isOfOneAddress) : allow;
  if (refusal === null || openers.some((rule) => fitsAddress(rule, address, place.port)))
    return null;
  const isOpenedByName =
    !BY_ADDRESS_ONLY.includes(refusal) && allow.some((rule) => fitsHost(rule, place));
  return isOpenedByName ? null : refusal;
};

/** Why nothing at this host may be connected to, whatever its addresses are; null where they decide. */
export const judgeHost = (fence: NetworkFence, place: Place): FenceRefusal | null =>
  fence.deny.some((rule) => fitsHost(rule, place)) ? "denied" : null;

/**
 * Why this address of the host may not be connected to; null where it may. An address of IPv6 that carries one of IPv4 must be
 * open in both ways. `address` is what a resolver or a socket says; anything that is no address is refused.
 */
export const judgeAddress = (
  fence: NetworkFence,
  place: Place,
  found: { readonly address: string; readonly ownAddresses: readonly string[] },
): FenceRefusal | null => {
  const byHost = judgeHost(fence, place);
  if (byHost !== null) return byHost;
  const address = parseHostAddress(found.address);
  if (address === null) return "unspecified";
  for (const one of [address, ...carriedAddresses(address)]) {
    const refusal = judgeOne(fence, place, { address: one, ownAddresses: found.ownAddresses });
    if (refusal !== null) return refusal;
  }
  return null;
};
