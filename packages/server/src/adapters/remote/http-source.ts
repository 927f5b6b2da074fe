import type { NetworkFence } from "../../domain/network-fence.ts";
import type {
  Clock,
  HostResolver,
  RemoteFacts,
  RemoteFile,
  RemoteSource,
  RemoteTarget,
  RemoteWish,
} from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { AnswerBody } from "./answer-body.ts";
import type { AnswerFacts } from "./answer-head.ts";
import { readAnswerHead, redirectOf } from "./answer-head.ts";
import type { Connection } from "./connector.ts";
import { Connector } from "./connector.ts";
import type { Answer } from "./http-exchange.ts";
import { connectionError } from "./open-socket.ts";
import type { TunnelProxy } from "./proxy-tunnel.ts";
import { proxyHeaders } from "./proxy-tunnel.ts";
import { machineAddresses, SystemResolver } from "./system-resolver.ts";
import { TrustStore } from "./trust-store.ts";
import { followed, withinTime } from "./within-time.ts";

/** Redirects that are followed. */
export const REDIRECTS_MAX = 5;
/** How long a connection may take with its TLS, in milliseconds. */
export const CONNECT_LIMIT_MS = 10_000;
/** How long a server may take until the head of its answer is here, in milliseconds. */
export const HEAD_LIMIT_MS = 30_000;
/** How long a body may stand still, in milliseconds. */
export const STALL_LIMIT_MS = 60_000;

const LOCATION_CHARACTERS_MAX = 8_192;

/** What the source is made of; what is absent is the machine's own. */
export interface HttpSourceOptions {
  readonly clock: Clock;
  readonly fence: NetworkFence;
  readonly proxy: TunnelProxy | null;
  readonly resolver?: HostResolver;
  /** The addresses of this machine, which are refused unless the fence opens them. */
  readonly ownAddresses?: () => readonly string[];
}

/** An answer that is no redirect, and how it was come by. */
interface Reached {
  readonly url: URL;
  readonly redirects: number;
  readonly connection: Connection;
  readonly answer: Answer;
}

/** Reads an address without what it says of a login. Throws a `RemoteError` for what is no http address. */
const readUrl = (text: string): URL => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new RemoteError("url", "The address is none of http or https: check its host.");
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
};

const redirected = (from: URL, location: string): URL => {
  const fail = (what: string): RemoteError =>
    new RemoteError("redirect", `${from.origin} redirects ${what}`);
  if (location.length > LOCATION_CHARACTERS_MAX) throw fail("to an address that is too long.");
  const url = URL.parse(location, from.href);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw fail("to something that is no http address.");
  if (from.protocol === "https:" && url.protocol === "http:")
    throw fail(
      `from https to http (${url.origin}), where nobody could tell who answers. Give that address itself if it is meant.`,
    );
  return readUrl(url.href);
};

/** Login and pin were told for one origin, and are no other's affair. */
const forOthers = ({ url, trusted, signal, from }: RemoteWish): RemoteWish => ({
  url,
  trusted,
  signal,
  ...(from === undefined ? {} : { from }),
});

/** Fetches by HTTP/1.1, each connection for one request. Follows redirects itself, and judges each of them anew. */
export class HttpRemoteSource implements RemoteSource {
  readonly #clock: Clock;
  readonly #connector: Connector;

  constructor({ clock, fence, proxy, resolver, ownAddresses }: HttpSourceOptions) {
    this.#clock = clock;
    this.#connector = new Connector({
      clock,
      fence,
      proxy,
      resolver: resolver ?? new SystemResolver(),
      ownAddresses: ownAddresses ?? machineAddresses,
      trust: new TrustStore(),
    });
  }

  async open(wish: RemoteWish): Promise<RemoteFile> {
    const life = followed(wish.signal);
    const done = new AbortController();
    this.#limit(wish, life, done);
    const end = (): void => {
      done.abort();
      life.abort(new RemoteError("cancelled", "The fetch has ended."));
    };
    try {
      const reached = await this.#reach(wish, life.signal);
      const facts = this.#readHead(reached, wish);
      return this.#file(reached, facts, { life: life.signal, end });
    } catch (error) {
      end();
      throw error;
    }
  }

  async probe(target: RemoteTarget): Promise<RemoteFacts> {
    const file = await this.open(target);
    file.close();
    const { url, redirects, sizeBytes, validator, peer } = file;
    return { url, redirects, sizeBytes, validator, peer };
  }

  #limit({ timeLimitMs }: RemoteWish, life: AbortController, done: AbortController): void {
    if (timeLimitMs === undefined) return;
    const seconds = Math.round(timeLimitMs / 1000);
    const late = new RemoteError("timeout", `The fetch was not done within ${seconds} s.`);
    this.#clock.sleep(timeLimitMs, done.signal).then(
      () => life.abort(late),
      // It ended before.
      () => undefined,
    );
  }

  async #reach(wish: RemoteWish, signal: AbortSignal): Promise<Reached> {
    let url = readUrl(wish.url);
    const home = url.origin;
    for (let redirects = 0; ; redirects += 1) {
      const here = url.origin === home ? wish : forOthers(wish);
      const { connection, answer } = await this.#ask(url, here, signal);
      const location = redirectOf(answer);
      if (location === null) return { url, redirects, connection, answer };
      answer.close();
      if (redirects === REDIRECTS_MAX)
        throw new RemoteError(
          "redirect",
          `${home} redirects more than ${REDIRECTS_MAX} times. Give the address at the end.`,
        );
      url = redirected(url, location);
    }
  }

  async #ask(
    url: URL,
    wish: RemoteWish,
    signal: AbortSignal,
  ): Promise<{ readonly connection: Connection; readonly answer: Answer }> {
    const { origin, protocol } = url;
    const { pin, trusted } = wish;
    if (protocol === "http:" && pin !== undefined)
      throw new RemoteError(
        "certificate",
        `${origin} is not encrypted, so it shows no certificate that could be the given one. Use https, or leave out what is given of its certificate.`,
      );
    const timed = (limitMs: number, what: string) => ({
      clock: this.#clock,
      limitMs,
      signal,
      late: () => new RemoteError("timeout", `${what} within ${limitMs / 1000} s.`),
    });
    const connection = await withinTime(
      timed(CONNECT_LIMIT_MS, `No connection to ${origin}`),
      async (until) => await this.#connector.connect({ url, pin, trusted }, until),
    );
    try {
      const answer = await withinTime(
        timed(HEAD_LIMIT_MS, `${origin} did not answer`),
        async (until) => await this.#send(url, wish, { connection, until }),
      );
      return { connection, answer };
    } catch (error) {
      connection.socket.destroy();
      throw error;
    }
  }

  async #send(
    url: URL,
    { login, from }: RemoteWish,
    { connection, until }: { readonly connection: Connection; readonly until: AbortSignal },
  ): Promise<Answer> {
    const { proxy } = this.#connector;
    const isProxied = proxy !== null && url.protocol === "http:";
    const headers: Record<string, string> = {
      "user-agent": "contentlib",
      accept: "*/*",
      "accept-encoding": "identity",
      ...(isProxied ? proxyHeaders(proxy) : {}),
    };
    if (login !== undefined)
      headers["authorization"] =
        `Basic ${Buffer.from(`${login.userName}:${login.password}`).toString("base64")}`;
    if (from !== undefined) {
      headers["range"] = `bytes=${from.offsetBytes}-`;
      headers["if-range"] = from.validator;
    }
    // Most servers never fetch anything: what speaks HTTP is loaded by the first fetch.
    const { exchange } = await import("./http-exchange.ts");
    const path = isProxied ? url.href : `${url.pathname}${url.search}`;
    try {
      return await exchange(connection.socket, { url, path, headers }, until);
    } catch (error) {
      throw until.aborted ? until.reason : connectionError(url.origin, error);
    }
  }

  #readHead({ url, connection, answer }: Reached, { url: home, login, from }: RemoteWish) {
    try {
      return readAnswerHead(answer, {
        origin: url.origin,
        from,
        hasLogin: login !== undefined && readUrl(home).origin === url.origin,
        peer: connection.peer,
      });
    } catch (error) {
      answer.close();
      throw error;
    }
  }

  #file(
    { url, redirects, connection, answer }: Reached,
    { startsAtBytes, sizeBytes, bodyBytes, validator }: AnswerFacts,
    { life, end }: { readonly life: AbortSignal; readonly end: () => void },
  ): RemoteFile {
    const close = (): void => {
      answer.close();
      end();
    };
    const body = new AnswerBody({
      answer: { ...answer, close },
      origin: url.origin,
      bodyBytes,
      clock: this.#clock,
      stallLimitMs: STALL_LIMIT_MS,
      signal: life,
    });
    life.addEventListener("abort", () => answer.close(), { once: true });
    return {
      url: url.href,
      redirects,
      startsAtBytes,
      sizeBytes,
      validator,
      peer: connection.peer,
      body,
      close,
    };
  }
}
