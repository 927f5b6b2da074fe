import { isIP } from "node:net";
import { CIDR_BITS_MAX, parseList } from "./network.ts";
import type { Reader } from "./reader.ts";

/** Ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Which remote hosts are meant: a network, or a pattern of names. */
export type PullHosts =
  | { readonly kind: "network"; readonly address: string; readonly bits: number }
  | { readonly kind: "host"; readonly pattern: string };

/** Remote hosts that may be fetched from, or not; `ports` is null for all ports. */
export type PullRule = PullHosts & { readonly ports: PortRange | null };

/** A proxy that fetches for the server. */
export interface PullProxy {
  readonly host: string;
  readonly port: number;
  /** Null for a proxy that asks for no login. */
  readonly login: { readonly userName: string; readonly password: string } | null;
}

const PORT_MAX = 65_535;
const NAME_CHARACTERS_MAX = 253;
const PATTERN = /^(?:\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*)$/;
/** What may be followed by a port: an IPv6 network in brackets, or anything without a colon. */
const WITH_PORT = /^(\[[^\]]*\](?:\/\d{1,3})?|[^:[\]]*)(?::(\d{1,5})(?:-(\d{1,5}))?)?$/;

const readPorts = (from: string | undefined, to: string | undefined): PortRange | null => {
  const range = { from: Number(from), to: Number(to ?? from) };
  return range.from >= 1 && range.from <= range.to && range.to <= PORT_MAX ? range : null;
};

/** IPv4 as addresses of IPv6 (`::ffff:10.0.0.1`): a network of fewer bits would be all of IPv4, and much that is none. */
const MAPPED_BITS = 96;
const isMapped = (address: string): boolean =>
  isIP(address) === 6 &&
  /^\[::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}\]$/.test(URL.parse(`http://[${address}]`)?.hostname ?? "");

const readHost = (text: string): PullHosts | null => {
  const [bare = "", bits, ...rest] = text.split("/");
  const address = bare.replace(/^\[(.*)\]$/, "$1");
  const bitsMax = address.includes("%") ? undefined : CIDR_BITS_MAX[isIP(address)];
  if (bitsMax !== undefined && rest.length === 0) {
    const length = bits === undefined ? bitsMax : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    const rule = { kind: "network" as const, address, bits: length };
    const bitsMin = isMapped(address) ? MAPPED_BITS : 0;
    return length >= bitsMin && length <= bitsMax ? rule : null;
  }
  const pattern = text.toLowerCase();
  // A name that ends in a number would be taken for an address by some resolver.
  const isName = PATTERN.test(pattern) && !/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(pattern);
  return isName && pattern.length <= NAME_CHARACTERS_MAX ? { kind: "host", pattern } : null;
};

/**
 * One entry of CONTENTLIB_PULL_ALLOW or CONTENTLIB_PULL_DENY: an address, a network in CIDR form, a name, `*.` before a name, or
 * `*`, each with `:PORT` or `:FROM-TO` behind it where it is not for all ports (IPv6 in brackets then). Null for any other text.
 */
export const parsePullRule = (text: string): PullRule | null => {
  const given = isIP(text.split("/")[0] ?? "") === 6 ? text.replace(/^[^/]*/, "[$&]") : text;
  const [whole, host = "", from, to] = WITH_PORT.exec(given) ?? [];
  if (whole === undefined) return null;
  const ports = from === undefined ? null : readPorts(from, to);
  const rule = readHost(host);
  if (rule === null || (from !== undefined && ports === null)) return null;
  return { ...rule, ports };
};

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A per cent sign that begins no code: the reader says that this is no such URL.
    return null;
  }
};

/** A proxy as `http://[USER:PASSWORD@]HOST:PORT`; null for any other text. */
export const parsePullProxy = (text: string): PullProxy | null => {
  const url = URL.parse(text);
  if (url === null || url.protocol !== "http:" || url.hostname === "") return null;
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return null;
  const [userName, password] = [decoded(url.username), decoded(url.password)];
  if (userName === null || password === null) return null;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || 80),
    login: userName === "" ? null : { userName, password },
  };
};

/** The settings about what the server fetches from other servers. */
export interface PullConfig {
  /** Wins over `pullAllow`. */
  readonly pullDeny: readonly PullRule[];
  readonly pullAllow: readonly PullRule[];
  /** Null where the server connects by itself. */
  readonly pullProxy: PullProxy | null;
}

/** What is wrong with it is said without the text, which may hold a password. */
const readProxy = (reader: Reader): PullProxy | null => {
  const text = reader.text("pullProxy");
  const proxy = text === null ? null : parsePullProxy(text);
  if (text !== null && proxy === null)
    reader.problems.push(
      `${reader.source("pullProxy") ?? ""} must be http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT`,
    );
  return proxy;
};

/** The settings about what is fetched. What is wrong is noted in the reader. */
export const readPull = (reader: Reader): PullConfig => {
  const readRules = (name: "pullAllow" | "pullDeny"): readonly PullRule[] =>
    reader.read<readonly PullRule[]>(
      name,
      [],
      parseList(parsePullRule),
      "networks, host names and ports joined by commas, such as 127.0.0.1:8080,*.example.com,10.0.0.0/8:443",
    );
  return {
    pullDeny: readRules("pullDeny"),
    pullAllow: readRules("pullAllow"),
    pullProxy: readProxy(reader),
  };
};
