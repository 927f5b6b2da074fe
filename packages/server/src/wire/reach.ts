import { X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Origin } from "../app/call.ts";
import type { KeyPair } from "../ports/index.ts";
import type { Scheme } from "./base-url.ts";
import { baseUrlOfHost, DEFAULT_PORTS, hostInUrl } from "./base-url.ts";
import type { Reached } from "./perform.ts";
import { TrustedProxies, unmapped } from "./proxies.ts";
import { headerOf } from "./request-head.ts";

/** What decides how clients reach the server. */
export interface ReachOptions {
  /** Null to follow the Host of each request. */
  readonly publicUrl: string | null;
  /** Addresses, and networks in CIDR form, whose `X-Forwarded-*` is believed. */
  readonly trustedProxies: readonly string[];
  /** Null for a server without TLS. */
  readonly tls: KeyPair | null;
}

/** SHA-1 of the certificate, which is the first where others follow it: upper-case hex with colons. */
const thumbprintIn = ({ certPem }: KeyPair): string => new X509Certificate(certPem).fingerprint;

/** How one request reached the server. A class, because closures would be made for each request and used by few. */
class ReachedBy implements Reached {
  readonly #reach: Reach;
  readonly #request: IncomingMessage;

  constructor(reach: Reach, request: IncomingMessage) {
    this.#reach = reach;
    this.#request = request;
  }

  baseUrl(): string {
    return this.#reach.baseUrlOf(this.#request);
  }

  thumbprint(): string | null {
    return this.#reach.thumbprintOf(this.#request);
  }

  header(name: string): string | null {
    return headerOf(this.#request, name);
  }
}

/** How requests reach this server: where they come from, and under which address. */
export class Reach {
  readonly #publicUrl: string | null;
  readonly #proxies: TrustedProxies | null;
  readonly #scheme: Scheme;
  #thumbprint: string | null = null;

  /** Throws for a proxy that is neither an address nor a network, and for a certificate that is none. */
  constructor({ publicUrl, trustedProxies, tls }: ReachOptions) {
    this.#publicUrl = publicUrl;
    this.#proxies = trustedProxies.length === 0 ? null : new TrustedProxies(trustedProxies);
    this.#scheme = tls === null ? "http" : "https";
    if (tls !== null) this.useKeyPair(tls);
  }

  /** What new connections get from now on. */
  useKeyPair(pair: KeyPair): void {
    this.#thumbprint = thumbprintIn(pair);
  }

  /** Where a request comes from: a trusted proxy's client, else whoever holds the connection. */
  originOf(request: IncomingMessage, requestId: string): Origin {
    const address =
      this.#proxies === null
        ? unmapped(request.socket.remoteAddress ?? "")
        : this.#proxies.clientOf(request);
    return { address, requestId };
  }

  /** How the request reached the server. */
  by(request: IncomingMessage): Reached {
    return new ReachedBy(this, request);
  }

  /** Whether the address is that of a trusted proxy. */
  isProxy(address: string): boolean {
    return this.#proxies?.has(address) ?? false;
  }

  /**
   * Scheme, host and port under which the caller reached the server, always with the port (contract P3), without a trailing slash:
   * the public URL where one is set, else what a trusted proxy says, else the request's Host when it can be one, else the address of
   * the connection itself.
   */
  baseUrlOf(request: IncomingMessage): string {
    if (this.#publicUrl !== null) return this.#publicUrl;
    const scheme = this.#scheme;
    const said = this.#fromProxy(request)?.baseUrlOf(request, scheme) ?? null;
    if (said !== null) return said;
    const host = headerOf(request, "host");
    const asked = host === null ? null : baseUrlOfHost(host, scheme);
    if (asked !== null) return asked;
    const { localAddress = "127.0.0.1", localPort = DEFAULT_PORTS[scheme] } = request.socket;
    return `${scheme}://${hostInUrl(unmapped(localAddress))}:${localPort}`;
  }

  /** The thumbprint of our certificate, where the client has a TLS connection of its own with us; else null. */
  thumbprintOf(request: IncomingMessage): string | null {
    return this.#fromProxy(request) === null ? this.#thumbprint : null;
  }

  #fromProxy(request: IncomingMessage): TrustedProxies | null {
    return this.#proxies?.sent(request) === true ? this.#proxies : null;
  }
}
