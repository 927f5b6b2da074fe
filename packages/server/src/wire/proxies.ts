import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddr from "proxy-addr";
import type { Scheme } from "./base-url.ts";
import { baseUrlOfHost, portOf } from "./base-url.ts";
import { headerOf } from "./request-head.ts";

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An IPv4 address that came through a socket for IPv6, as what it is. */
export const unmapped = (address: string): string =>
  address.startsWith("::") ? (MAPPED_IPV4.exec(address)?.[1] ?? address) : address;

/** Longest text that can be an address with a port, brackets included. */
const ADDRESS_UNITS_MAX = 64;
const BRACKETED = /^\[([^\]]*)\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/;

/** An address in its one spelling, without the port that some proxies add; null for what is none, zones included. */
export const addressIn = (text: string): string | null => {
  if (text.length > ADDRESS_UNITS_MAX) return null;
  const bare = BRACKETED.exec(text)?.[1] ?? IPV4_WITH_PORT.exec(text)?.[1] ?? text;
  if (isIP(bare) === 4) return bare;
  if (isIP(bare) !== 6 || bare.includes("%")) return null;
  const mapped = unmapped(bare);
  return mapped === bare ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : mapped;
};

/** The last value of a list: what the proxy next to us says, whatever its client wrote before it. */
const lastOf = (request: IncomingMessage, header: string): string | null => {
  const text = headerOf(request, header);
  return text === null ? null : text.slice(text.lastIndexOf(",") + 1).trim();
};

/**
 * The proxies whose word is believed on where a request comes from. `X-Forwarded-*` counts only where the connection itself is
 * from one of them; `Forwarded` (RFC 7239) never does, since a proxy that does not know it hands on what its client wrote.
 */
export class TrustedProxies {
  readonly #trusts: (address: string, hop: number) => boolean;

  /** Takes addresses, and networks in CIDR form. Throws for what is neither. */
  constructor(trusted: readonly string[]) {
    const isInside = proxyAddr.compile([...trusted]);
    this.#trusts = (text, hop) => {
      const address = addressIn(text);
      return address !== null && isInside(address, hop);
    };
  }

  /** Whether this address is a trusted proxy's. */
  has(address: string): boolean {
    return this.#trusts(address, 0);
  }

  /** Whether a trusted proxy sent the request. */
  sent(request: IncomingMessage): boolean {
    return this.has(request.socket.remoteAddress ?? "");
  }

  /**
   * The address of the client: going back from the connection, the first that is no trusted proxy. What is no address ends the way
   * back before it.
   */
  clientOf(request: IncomingMessage): string {
    const peer = unmapped(request.socket.remoteAddress ?? "");
    if (!this.has(peer)) return peer;
    const hops = proxyAddr.all(request, this.#trusts).map(addressIn);
    const broken = hops.indexOf(null);
    return (broken < 0 ? hops : hops.slice(0, broken)).at(-1) ?? peer;
  }

  /** Under which address the client reached the proxy; null where the proxy says nothing of it, or nothing that can be one. */
  baseUrlOf(request: IncomingMessage, ownScheme: Scheme): string | null {
    const scheme = schemeSaid(request) ?? ownScheme;
    const host = lastOf(request, "x-forwarded-host");
    const port = portOf(lastOf(request, "x-forwarded-port") ?? "") ?? undefined;
    const said = host === null ? null : baseUrlOfHost(host, scheme, port);
    const asked = headerOf(request, "host");
    return said ?? (asked === null ? null : baseUrlOfHost(asked, scheme, port));
  }
}

const schemeSaid = (request: IncomingMessage): Scheme | null => {
  const scheme = lastOf(request, "x-forwarded-proto")?.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : null;
};
