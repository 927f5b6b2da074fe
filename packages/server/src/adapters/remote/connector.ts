import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { parseHostAddress, parseIpAddress } from "../../domain/ip-address.ts";
import type { FenceRefusal, NetworkFence, Place } from "../../domain/network-fence.ts";
import { judgeAddress, judgeHost } from "../../domain/network-fence.ts";
import type { Clock, HostResolver, RemotePeer, RemotePin } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { judgeChain, judgePinned, noPinnedAuthority } from "./judge-peer.ts";
import { connectionError, openTcp, openTls } from "./open-socket.ts";
import { describePeer, peerChain } from "./peer-chain.ts";
import type { TunnelProxy } from "./proxy-tunnel.ts";
import { openTunnel } from "./proxy-tunnel.ts";
import type { TrustStore } from "./trust-store.ts";
import { withinTime } from "./within-time.ts";

/** One request's way: where to, and how the server there is known. */
export interface Hop {
  readonly url: URL;
  readonly pin?: RemotePin | undefined;
  readonly trusted: readonly string[];
}

/** A connection over which a request may be sent. */
export interface Connection {
  readonly socket: Socket;
  readonly peer: RemotePeer | null;
}

/** What connections are made with. */
export interface ConnectorParts {
  readonly clock: Pick<Clock, "sleep">;
  readonly resolver: HostResolver;
  readonly ownAddresses: () => readonly string[];
  readonly fence: NetworkFence;
  readonly trust: TrustStore;
  readonly proxy: TunnelProxy | null;
}

/** Addresses of one name that are tried, one after the other. */
const ADDRESSES_TRIED_MAX = 4;
/** How long one address may take, in milliseconds, so that there is time for the next. */
const ADDRESS_LIMIT_MS = 3_000;

const WHERE: Readonly<Record<FenceRefusal, string>> = {
  denied: "an address that its operator has closed",
  own: "an address of its own",
  loopback: "a loopback address",
  unspecified: "an address that is none",
  "link-local": "a link-local address",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
  metadata: "the metadata service of a cloud",
};

const fenced = (origin: string, refusal: FenceRefusal): RemoteError =>
  new RemoteError(
    "fenced",
    `${origin} leads to ${WHERE[refusal]}, which this server does not fetch from. Its operator decides that, with CONTENTLIB_PULL_ALLOW and CONTENTLIB_PULL_DENY.`,
  );

const placeOf = ({ hostname, port, protocol }: URL): Place => ({
  host: hostname.replace(/^\[(.*)\]$/, "$1"),
  port: Number(port || (protocol === "https:" ? 443 : 80)),
});

/** Opens connections to where the fence lets: what is connected to is the very address that was judged. */
export class Connector {
  readonly #parts: ConnectorParts;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
  }

  /** Whether requests without TLS are made to a proxy, in the form that proxies take. */
  get proxy(): TunnelProxy | null {
    return this.#parts.proxy;
  }

  async connect(hop: Hop, signal: AbortSignal): Promise<Connection> {
    const { origin } = hop.url;
    try {
      const plain = await this.#open(hop.url, signal);
      return hop.url.protocol === "https:"
        ? await this.#secure(hop, plain, signal)
        : { socket: plain, peer: null };
    } catch (error) {
      throw signal.aborted ? signal.reason : connectionError(origin, error);
    }
  }

  /** A connection without TLS yet, which ends when the signal aborts. */
  async #open(url: URL, signal: AbortSignal): Promise<Socket> {
    const socket = await this.#find(url, signal);
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
    return socket;
  }

  async #find(url: URL, signal: AbortSignal): Promise<Socket> {
    const place = placeOf(url);
    const refusal = judgeHost(this.#parts.fence, place);
    if (refusal !== null) throw fenced(url.origin, refusal);
    const isLiteral = parseHostAddress(place.host) !== null;
    if (isLiteral) this.#check(url, place, [place.host]);
    const { proxy } = this.#parts;
    if (proxy !== null) return await openTunnel(proxy, { url, ...place }, signal);
    const addresses = isLiteral ? [place.host] : await this.#parts.resolver.resolve(place.host);
    this.#check(url, place, addresses);
    return await this.#openFirst(url, addresses, signal);
  }

  /** One address that is closed closes the name: which of them is connected to would be a matter of luck. */
  #check(url: URL, place: Place, addresses: readonly string[]): void {
    const ownAddresses = this.#parts.ownAddresses();
    for (const address of addresses) this.#judge(url, place, { address, ownAddresses });
  }

  /** What both ends have is this machine's own, although no interface may have it: a system can deliver whole networks to itself. */
  #checkConnected(url: URL, { remoteAddress = "", localAddress }: Socket): void {
    const isOwn =
      localAddress !== undefined &&
      String(parseIpAddress(localAddress)) === String(parseIpAddress(remoteAddress));
    const own = this.#parts.ownAddresses();
    this.#judge(url, placeOf(url), {
      address: remoteAddress,
      ownAddresses: isOwn ? [...own, remoteAddress] : own,
    });
  }

  #judge(
    url: URL,
    place: Place,
    found: { readonly address: string; readonly ownAddresses: readonly string[] },
  ): void {
    const refusal = judgeAddress(this.#parts.fence, place, found);
    if (refusal !== null) throw fenced(url.origin, refusal);
  }

  async #openFirst(url: URL, addresses: readonly string[], signal: AbortSignal): Promise<Socket> {
    const tried = addresses.slice(0, ADDRESSES_TRIED_MAX);
    let failure: unknown = new RemoteError("no-host", `The host of ${url.origin} has no address.`);
    for (const [index, address] of tried.entries()) {
      try {
        const isLast = index === tried.length - 1;
        return await this.#openOne(url, address, { signal, isLast });
      } catch (error) {
        if (signal.aborted || (error instanceof RemoteError && error.reason === "fenced"))
          throw error;
        failure = error;
      }
    }
    throw failure;
  }

  async #openOne(
    url: URL,
    address: string,
    { signal, isLast }: { readonly signal: AbortSignal; readonly isLast: boolean },
  ): Promise<Socket> {
    const place = placeOf(url);
    const open = async (until: AbortSignal): Promise<Socket> =>
      await openTcp(address, place.port, until);
    const late = (): RemoteError =>
      new RemoteError("timeout", `No connection to ${url.origin}: it does not answer.`);
    const { clock } = this.#parts;
    // The last one has all the time that is left.
    const socket = isLast
      ? await open(signal)
      : await withinTime({ clock, limitMs: ADDRESS_LIMIT_MS, signal, late }, open);
    const connected = socket.remoteAddress ?? "";
    try {
      this.#checkConnected(url, socket);
      if (String(parseIpAddress(connected)) !== String(parseHostAddress(address)))
        throw fenced(url.origin, "unspecified");
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  async #secure(hop: Hop, plain: Socket, signal: AbortSignal): Promise<Connection> {
    const { url, pin, trusted } = hop;
    const { host } = placeOf(url);
    const context = this.#parts.trust.usual(trusted);
    const socket = await openTls(plain, { host, context });
    if (pin?.kind === "authority") return await this.#secureBy(hop, { socket, pin, signal });
    const refusal =
      pin === undefined ? judgeChain(url.origin, socket) : judgePinned(url.origin, socket, pin);
    return accepted(socket, refusal);
  }

  /**
   * Only a chain that was seen tells which certificate has the pinned key, and only OpenSSL can tell whether the chain leads to it:
   * so the first connection shows the chain, and the second trusts that certificate alone.
   */
  async #secureBy(
    { url, trusted }: Hop,
    first: {
      readonly socket: TLSSocket;
      readonly pin: Extract<RemotePin, { readonly kind: "authority" }>;
      readonly signal: AbortSignal;
    },
  ): Promise<Connection> {
    const { digest } = first.pin;
    const context = this.#parts.trust.pinned(digest, peerChain(first.socket), trusted);
    if (context === null)
      return accepted(first.socket, noPinnedAuthority(url.origin, first.socket, digest));
    first.socket.destroy();
    const plain = await this.#open(url, first.signal);
    const socket = await openTls(plain, { host: placeOf(url).host, context });
    return accepted(socket, judgeChain(url.origin, socket));
  }
}

const accepted = (socket: TLSSocket, refusal: RemoteError | null): Connection => {
  if (refusal === null) return { socket, peer: describePeer(socket) };
  socket.destroy();
  throw refusal;
};
