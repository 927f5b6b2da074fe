/*
 *              /cls/data/...                 -> ByteEndpoints     (raw requests, no limits on bodies)
 *   request -> /rest/...  /api/...           -> Dispatch          (commands)
 *              POST /api                     -> RpcRoad           (commands, by JSON-RPC)
 *              /healthz /readyz /openapi/... /docs/... -> pages
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import type { Wire } from "@contentlib/contract/bindings";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { App } from "../app/app.ts";
import type { Clock, RequestJournal } from "../ports/index.ts";
import { ByteEndpoints, BYTES_PATH, UPLOAD_STALL_TIMEOUT_MS } from "./byte-endpoints.ts";
import { Deadlines } from "./deadlines.ts";
import type { Dispatched, DispatchOptions } from "./dispatch.ts";
import { Dispatch } from "./dispatch.ts";
import { EventRoad } from "./event-stream.ts";
import { faultReply } from "./fault-reply.ts";
import { sendReplyEarly } from "./linger.ts";
import type { PageContent } from "./pages.ts";
import { Pages } from "./pages.ts";
import { pastBody } from "./past-body.ts";
import { COMMAND_TIMEOUT_MS } from "./perform.ts";
import type { ReachOptions } from "./reach.ts";
import { Reach } from "./reach.ts";
import type { Reply } from "./reply.ts";
import { REQUEST_ID_HEADER, sendReply } from "./reply.ts";
import { addressOf, hasUnreadBody } from "./request-head.ts";
import { RpcRoad } from "./rpc.ts";
import { isLong, sendLong } from "./send-long.ts";
import { sendPieces } from "./send-pieces.ts";
import { StallWatch } from "./stall-watch.ts";
import { TurnEnd } from "./turn-end.ts";
import { unexpectedFault } from "./unexpected.ts";

/** How long a client may take to send the head of a request. */
const HEADERS_TIMEOUT_MS = 30_000;
/** How long an idle connection is kept for the next request; longer than usual proxies keep theirs. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** What the log shows as status when the client was gone before it could be answered. */
const UNANSWERED = 0;

/** What the wire needs to know of the world. */
export interface WireOptions extends PageContent, ReachOptions {
  readonly app: App;
  readonly clock: Clock;
  readonly journal: RequestJournal;
  readonly isStrict: boolean;
  /** A fresh id for each request. */
  readonly requestId: () => string;
  readonly uploadStallTimeoutMs?: number;
  readonly commandTimeoutMs?: number;
}

/** The HTTP server over the application: not yet listening. */
export interface WireServer {
  readonly server: Server;
  /** Takes no new connections, ends each present one after its answer, and resolves when none is left. */
  drain(): Promise<void>;
  /** Ends every connection and what runs on it. */
  close(): Promise<void>;
}

/** What the log says of a request beside how it went. */
type Noted = Omit<Dispatched, "reply">;

/** How requests are told apart before anything else is known of them. */
type Road = Wire | "bytes" | "pages" | "rpc";

const roadOf = (path: string): Road => {
  if (path.startsWith(BYTES_PATH)) return "bytes";
  if (path === "/api" || path === "/api/") return "rpc";
  if (path.startsWith("/api/")) return "api";
  return path.startsWith("/rest/") ? "rest" : "pages";
};

class HttpRoads {
  readonly #options: WireOptions;
  readonly #stalls: StallWatch;
  readonly #deadlines: Deadlines;
  readonly #shutdown = new AbortController();
  readonly #bytes: ByteEndpoints;
  readonly #events: EventRoad;
  readonly #dispatch: Dispatch;
  readonly #rpc: RpcRoad;
  readonly #pages: Pages;
  readonly #turnEnd = new TurnEnd();
  readonly #answering = new WeakSet<Socket>();
  readonly #onAnswered: () => void;
  isStopping = false;

  /** `onAnswered` is called when the connection of a request is free again, or gone. */
  constructor(options: WireOptions, onAnswered: () => void) {
    this.#onAnswered = onAnswered;
    const { app, clock, journal, isStrict } = options;
    const reach = new Reach(options);
    this.#options = options;
    this.#pages = new Pages(options);
    this.#stalls = new StallWatch(clock);
    this.#deadlines = new Deadlines(clock, options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS);
    this.#events = new EventRoad({ events: app.events, clock, stalls: this.#stalls });
    const commands: DispatchOptions = {
      app,
      journal,
      deadlines: this.#deadlines,
      reach,
      isStrict,
      streams: { "event.stream": this.#events.stream },
    };
    this.#dispatch = new Dispatch(commands);
    this.#rpc = new RpcRoad(commands);
    this.#bytes = new ByteEndpoints({
      transfers: app.transfers,
      reach,
      clock,
      journal,
      stalls: this.#stalls,
      uploadStallTimeoutMs: options.uploadStallTimeoutMs ?? UPLOAD_STALL_TIMEOUT_MS,
      isStrict,
      shutdown: this.#shutdown.signal,
    });
  }

  /** Answers one request by its road, marks the reply with the request's id and notes how it went. */
  travel(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = this.#options.requestId();
    response.on("error", ignoreBrokenConnection);
    response.on("close", this.#onAnswered);
    return this.#options.journal.within(requestId, () => this.#noted(request, response, requestId));
  }

  /** Whether a reply is under way on the connection, so that another one would be taken for part of it. */
  isAnswering(socket: Socket): boolean {
    return this.#answering.has(socket);
  }

  close(): void {
    this.#shutdown.abort();
    this.#events.close();
    this.#stalls.close();
    this.#deadlines.close();
  }

  /** The last net is here: a reply that could not even be sent costs its own connection, and no other. */
  async #noted(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const { clock, journal } = this.#options;
    const startedMs = clock.monotonicMs();
    let noted: Noted = { route: "(broken)" };
    this.#answering.add(request.socket);
    try {
      noted = await this.#along(request, response, requestId);
    } catch (error) {
      journal.requestFailed({ route: "reply", error });
      response.destroy();
    }
    this.#answering.delete(request.socket);
    const durationMs = clock.monotonicMs() - startedMs;
    const status = response.headersSent ? response.statusCode : UNANSWERED;
    // Member by member: copying the whole costs more than all else that is done here.
    const { route, isRead, opId, fault } = noted;
    const method = request.method ?? "";
    journal.requestAnswered({ method, route, status, durationMs, isRead, opId, fault });
  }

  async #along(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<Noted> {
    const { path } = addressOf(request.url ?? "");
    const road = roadOf(path);
    if (road === "bytes") {
      response.setHeader(REQUEST_ID_HEADER, requestId);
      await this.#bytes.handle(request, response, requestId);
      return { route: `bytes ${BYTES_PATH}` };
    }
    if (road === "pages") {
      const found = await this.#page(request, path, requestId);
      const reply = await pastBody(request, found, this.#deadlines);
      await this.#send(request, response, reply, requestId);
      return { route: `pages ${reply.status === 404 ? "(none)" : path}` };
    }
    const dispatched =
      road === "rpc"
        ? await this.#rpc.handle(request, response, requestId)
        : await this.#dispatch.handle(road, request, response, requestId);
    const { reply } = dispatched;
    if (reply !== null) await this.#send(request, response, reply, requestId);
    return dispatched;
  }

  async #page(request: IncomingMessage, path: string, requestId: string): Promise<Reply> {
    try {
      return await this.#pages.answer(request, path);
    } catch (error) {
      this.#options.journal.requestFailed({ route: `pages ${path}`, error });
      return faultReply("api", [unexpectedFault(error, requestId)]);
    }
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    reply: Reply,
    requestId: string,
  ): Promise<void> {
    const { pieces, headers: own } = reply;
    if (response.destroyed) return pieces?.close() ?? Promise.resolve();
    // All in one object: headers that a response was given before would make Node check and sort each of them again.
    const headers: Record<string, string> = { ...own, [REQUEST_ID_HEADER]: requestId };
    const leavesBody = hasUnreadBody(request) && own?.["Connection"] === "close";
    if (this.isStopping) headers["Connection"] = "close";
    const marked: Reply = { ...reply, headers };
    if (pieces !== undefined) return sendPieces(response, { ...marked, pieces }, this.#stalls);
    if (leavesBody) return sendReplyEarly(request, response, marked, this.#options.clock);
    return isLong(marked)
      ? sendLong(response, marked, this.#stalls)
      : this.#turnEnd.run(() => sendReply(response, marked));
  }
}

/** A client that goes away while it is being answered is no trouble of ours; whoever sends notices by itself. */
const ignoreBrokenConnection = (): void => undefined;

/** Closing a server that is closed already, or never listened, is no failure here. */
const closeServer = async (server: Server): Promise<void> => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
};

const MALFORMED_STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Answers what never became a request: a head that is malformed, too long or too slow. */
const refuseMalformed = (
  error: Error & { readonly code?: string },
  socket: Socket,
  requestId: string,
): void => {
  const status = MALFORMED_STATUSES[error.code ?? ""] ?? "400 Bad Request";
  const { json = "" } = faultReply("api", [
    faultOf("request.malformed", `its head is refused with ${status}`),
  ]);
  const head = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(json)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${json}`);
};

const refuseExpectation = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): void => {
  const fault = faultOf(
    "request.malformed",
    `it expects ${request.headers.expect ?? ""}, which is unknown`,
  );
  response.setHeader(REQUEST_ID_HEADER, requestId);
  sendReply(
    response,
    faultReply("api", [fault], { status: 417, headers: { Connection: "close" } }),
  );
};

/**
 * The server for all roads, with nothing listening yet. It is plain `node:http`: operations are found by the contract's own routes,
 * bodies are read by our own rules, and bytes pass no framework at all.
 */
export const createWireServer = (options: WireOptions): WireServer => {
  const roads = new HttpRoads(options, () => {
    if (roads.isStopping) server.closeIdleConnections();
  });
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    // An upload may take as long as it likes while bytes arrive; the stall watch finds those that fell silent.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requireHostHeader: false,
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    unasked.delete(request.socket);
    void roads.travel(request, response);
  };
  const unasked = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    unasked.add(socket);
    socket.on("close", () => unasked.delete(socket));
  });
  server.on("request", answer);
  server.on("checkContinue", answer);
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    refuseExpectation(request, response, options.requestId());
  });
  server.on("clientError", (error: Error, socket: Socket) => {
    if (!socket.writable || roads.isAnswering(socket)) socket.destroy();
    else refuseMalformed(error, socket, options.requestId());
  });
  return {
    server,
    drain: async () => {
      roads.isStopping = true;
      const closed = closeServer(server);
      // Node counts a connection that has asked nothing yet as busy.
      for (const socket of unasked) socket.destroy();
      await closed;
    },
    close: async () => {
      roads.isStopping = true;
      roads.close();
      const closed = closeServer(server);
      server.closeAllConnections();
      await closed;
    },
  };
};
