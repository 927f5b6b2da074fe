import type {
  IncomingMessage,
  RequestListener,
  Server,
  ServerOptions,
  ServerResponse,
} from "node:http";
import { createServer as createHttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { KeyPair } from "../ports/index.ts";
import { HEAD_TIMEOUT_MS } from "./connection.ts";
import { Connections } from "./connections.ts";
import { CrossOrigins } from "./cross-origins.ts";
import type { RoadOptions } from "./http-roads.ts";
import { HttpRoads } from "./http-roads.ts";
import type { ReachOptions } from "./reach.ts";
import { Reach } from "./reach.ts";
import {
  refuseExpectation,
  refuseLate,
  refuseMalformed,
  refusePlain,
  refuseTunnel,
} from "./refuse-head.ts";

/** How long an idle connection is kept for the next request; longer than usual proxies keep theirs. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long a client may take to agree on TLS. */
const HANDSHAKE_TIMEOUT_MS = 20_000;

/** What the wire needs to know of the world. */
export interface WireOptions extends RoadOptions, ReachOptions {
  /** Origins whose pages may call the server, as browsers spell them. */
  readonly corsOrigins: readonly string[];
  /** How many connections there may be at a time. */
  readonly connectionsMax: number;
}

/** The HTTP server over the application: not yet listening. */
export interface WireServer {
  /** Speaks TLS where the options had a key pair. */
  readonly server: Server | HttpsServer;
  /** Changes the certificate for new connections, and leaves those alone that are there. Only for a server with TLS. */
  useKeyPair(pair: KeyPair): void;
  /** Takes no new connections, ends each present one after its answer, and resolves when none is left. */
  drain(): Promise<void>;
  /** Ends every connection and what runs on it. */
  close(): Promise<void>;
}

/** Closing a server that is closed already, or never listened, is no failure here. */
const closeServer = async (server: Server): Promise<void> => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
};

const SERVER_OPTIONS: ServerOptions = {
  // The second net below our own, which lives by the clock of the application.
  headersTimeout: HEAD_TIMEOUT_MS,
  // An upload may take as long as it likes while bytes arrive; the stall watch finds those that fell silent.
  requestTimeout: 0,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  requireHostHeader: false,
};

/**
 * What may be agreed on: ciphers that prove what they carry, with keys that are forgotten afterwards, so that who gets hold of the
 * private key one day can read nothing of before. Node's own list has others for certificates with an RSA key.
 */
const CIPHERS = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

const tlsOptionsOf = ({ certPem, keyPem }: KeyPair) =>
  ({ cert: certPem, key: keyPem, ciphers: CIPHERS, minVersion: "TLSv1.2" }) as const;

/** The code of a handshake that begins like a request of plain HTTP. */
const PLAIN_HTTP_CODE = "ERR_SSL_HTTP_REQUEST";

/**
 * The server for all roads, with nothing listening yet. It is plain `node:http`: operations are found by the contract's own routes,
 * bodies are read by our own rules, and bytes pass no framework at all.
 */
class NodeWireServer implements WireServer {
  readonly server: Server | HttpsServer;
  readonly #options: WireOptions;
  readonly #reach: Reach;
  readonly #roads: HttpRoads;
  readonly #connections: Connections;

  constructor(options: WireOptions) {
    const { clock, connectionsMax, corsOrigins, tls } = options;
    this.#options = options;
    this.#reach = new Reach(options);
    const crossOrigins = corsOrigins.length === 0 ? null : new CrossOrigins(corsOrigins);
    this.#roads = new HttpRoads(options, { reach: this.#reach, crossOrigins });
    this.#connections = new Connections({
      clock,
      connectionsMax,
      isTls: tls !== null,
      isProxy: (address) => this.#reach.isProxy(address),
      tellLate: (socket) => refuseLate(socket, options.requestId()),
    });
    this.server =
      tls === null
        ? createHttpServer(SERVER_OPTIONS)
        : createHttpsServer({
            ...SERVER_OPTIONS,
            ...tlsOptionsOf(tls),
            ALPNProtocols: ["http/1.1"],
            handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
          });
    // A head has a length that is bounded; headers beyond a number would be left out without a word.
    this.server.maxHeadersCount = 0;
    this.#listen();
  }

  useKeyPair(pair: KeyPair): void {
    if (!("setSecureContext" in this.server)) throw new Error("This server speaks no TLS.");
    this.server.setSecureContext(tlsOptionsOf(pair));
    this.#reach.useKeyPair(pair);
  }

  async drain(): Promise<void> {
    this.#roads.isStopping = true;
    const closed = closeServer(this.server);
    this.#connections.endUnasked();
    await closed;
  }

  async close(): Promise<void> {
    this.#roads.isStopping = true;
    this.#roads.close();
    const closed = closeServer(this.server);
    this.server.closeAllConnections();
    this.#connections.close();
    await closed;
  }

  #listen(): void {
    const { server } = this;
    const { requestId } = this.#options;
    // Before Node's own listener, which begins with TLS.
    server.prependListener("connection", (raw: Socket) => this.#connections.open(raw));
    server.on("secureConnection", (socket: Socket) => this.#connections.secured(socket));
    server.on("request", this.#answer);
    server.on("checkContinue", this.#answer);
    server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
      refuseExpectation(request, response, requestId());
    });
    server.on("connect", (_request: IncomingMessage, socket: Socket) => {
      refuseTunnel(socket, requestId());
    });
    server.on("clientError", this.#refuse);
  }

  readonly #answer: RequestListener = (request, response) => {
    const connection = this.#connections.of(request.socket);
    if (connection === undefined) {
      response.destroy();
      return;
    }
    // Node throws away what has come behind a wish for another protocol, so that later answers would be taken for earlier ones.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    connection.asked();
    response.on("close", () => {
      connection.answered();
      if (this.#roads.isStopping) this.server.closeIdleConnections();
    });
    void (connection.place.admission === "refused"
      ? this.#roads.refuse(request, response)
      : this.#roads.travel(request, response));
  };

  /** Also told of failures of TLS, which are the affair of clients alone and nothing for the log. */
  readonly #refuse = (error: Error & { readonly code?: string }, socket: Socket): void => {
    const connection = this.#connections.of(socket);
    if (connection === undefined) {
      const unsecured = this.#connections.unsecuredOf(socket);
      if (unsecured !== undefined && error.code === PLAIN_HTTP_CODE)
        refusePlain(unsecured.socket, this.#options.requestId());
      else socket.destroy();
    } else if (!socket.writable || connection.isAnswering) socket.destroy();
    else refuseMalformed(error, socket, this.#options.requestId());
  };
}

/** Makes the server. Throws for a key pair, a proxy or an origin that can be none. */
export const createWireServer = (options: WireOptions): WireServer => new NodeWireServer(options);
