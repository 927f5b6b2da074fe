/*
 *              /cls/data/...                 -> ByteEndpoints     (raw requests, no limits on bodies)
 *   request -> /rest/...  /api/...           -> Dispatch          (commands)
 *              POST /api                     -> RpcRoad           (commands, by JSON-RPC)
 *              /healthz /readyz /openapi/... /docs/... /metrics -> pages
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Wire } from "@contentlib/contract/bindings";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { App } from "../app/app.ts";
import type { Clock, Exposition, RequestJournal } from "../ports/index.ts";
import { ByteEndpoints, BYTES_PATH, UPLOAD_STALL_TIMEOUT_MS } from "./byte-endpoints.ts";
import type { CrossOrigins } from "./cross-origins.ts";
import { Deadlines } from "./deadlines.ts";
import type { Dispatched, DispatchOptions } from "./dispatch.ts";
import { Dispatch } from "./dispatch.ts";
import { EventRoad } from "./event-stream.ts";
import { faultReply } from "./fault-reply.ts";
import { sendReplyEarly } from "./linger.ts";
import { MetricsPage } from "./metrics-page.ts";
import type { PageContent } from "./pages.ts";
import { Pages } from "./pages.ts";
import { pastBody } from "./past-body.ts";
import { COMMAND_TIMEOUT_MS } from "./perform.ts";
import type { Reach } from "./reach.ts";
import type { Reply } from "./reply.ts";
import { REQUEST_ID_HEADER, sendReply } from "./reply.ts";
import { addressOf, hasUnreadBody } from "./request-head.ts";
import { RpcRoad } from "./rpc.ts";
import { isLong, sendLong } from "./send-long.ts";
import { sendPieces } from "./send-pieces.ts";
import { StallWatch } from "./stall-watch.ts";
import { TurnEnd } from "./turn-end.ts";
import { unexpectedFault } from "./unexpected.ts";
import { withVersion } from "./version-header.ts";

/** What the log shows as status when the client was gone before it could be answered. */
const UNANSWERED = 0;

/** When a client for which there was no place may come again, in seconds. */
const FULL_RETRY_SECONDS = "5";

/** What the roads need to know of the world. */
export interface RoadOptions extends PageContent {
  readonly app: App;
  readonly clock: Clock;
  readonly journal: RequestJournal;
  readonly isStrict: boolean;
  /** What the replies to login calls say; nothing where it is absent. */
  readonly version?: string;
  /** A fresh id for each request. */
  readonly requestId: () => string;
  /** The figures of the server; without them there is no page of them. */
  readonly metrics?: Exposition;
  readonly uploadStallTimeoutMs?: number;
  readonly commandTimeoutMs?: number;
}

/** What the roads share with those who watch over connections. */
export interface RoadSurroundings {
  readonly reach: Reach;
  /** Null where no page of another origin may call. */
  readonly crossOrigins: CrossOrigins | null;
}

/** How requests are told apart before anything else is known of them. */
type Road = Wire | "bytes" | "pages" | "rpc";

const roadOf = (path: string): Road => {
  if (path.startsWith(BYTES_PATH)) return "bytes";
  if (path === "/api" || path === "/api/") return "rpc";
  if (path.startsWith("/api/")) return "api";
  return path.startsWith("/rest/") ? "rest" : "pages";
};

/** What the log says of a request beside how it went. */
type Noted = Omit<Dispatched, "reply">;

/** A request while it is being answered. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** Answers a request and says what the log shall say of it. */
type Answering = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
) => Promise<Noted>;

/** Every way on which a request can be answered. */
export class HttpRoads {
  readonly #options: RoadOptions;
  readonly #crossOrigins: CrossOrigins | null;
  readonly #stalls: StallWatch;
  readonly #deadlines: Deadlines;
  readonly #shutdown = new AbortController();
  readonly #bytes: ByteEndpoints;
  readonly #events: EventRoad;
  readonly #dispatch: Dispatch;
  readonly #rpc: RpcRoad;
  readonly #pages: Pages;
  readonly #turnEnd = new TurnEnd();
  isStopping = false;

  constructor(options: RoadOptions, { reach, crossOrigins }: RoadSurroundings) {
    const { app, clock, journal, isStrict } = options;
    this.#options = options;
    this.#crossOrigins = crossOrigins;
    const { metrics: exposition } = options;
    this.#pages = new Pages(
      options,
      exposition === undefined ? null : new MetricsPage({ exposition, app, reach }),
    );
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
    return this.#within(request, response, this.#along);
  }

  /** Answers a request on a connection for which there is no place. */
  refuse(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.#within(request, response, this.#full);
  }

  close(): void {
    this.#shutdown.abort();
    this.#events.close();
    this.#stalls.close();
    this.#deadlines.close();
  }

  #within(request: IncomingMessage, response: ServerResponse, answer: Answering): Promise<void> {
    const requestId = this.#options.requestId();
    response.on("error", ignoreBrokenConnection);
    return this.#options.journal.within(requestId, () =>
      this.#noted({ request, response, requestId }, answer),
    );
  }

  /** The last net is here: a reply that could not even be sent costs its own connection, and no other. */
  async #noted({ request, response, requestId }: Asked, answer: Answering): Promise<void> {
    const { clock, journal } = this.#options;
    const startedMs = clock.monotonicMs();
    let noted: Noted = { route: "(broken)" };
    try {
      noted = await answer(request, response, requestId);
    } catch (error) {
      journal.requestFailed({ route: "reply", error });
      response.destroy();
    }
    const durationMs = clock.monotonicMs() - startedMs;
    const status = response.headersSent ? response.statusCode : UNANSWERED;
    // Member by member: copying the whole costs more than all else that is done here.
    const { route, isRead, opId, fault } = noted;
    const method = request.method ?? "";
    journal.requestAnswered({ method, route, status, durationMs, isRead, opId, fault });
  }

  readonly #along: Answering = async (request, response, requestId) => {
    const { path } = addressOf(request.url ?? "");
    const road = roadOf(path);
    if (this.#crossOrigins !== null && road !== "pages") {
      const isPreflight = this.#crossOrigins.mark(request, response);
      if (isPreflight) return await this.#preflight(request, response, { road, requestId });
    }
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
    const dispatched = withVersion(
      road === "rpc"
        ? await this.#rpc.handle(request, response, requestId)
        : await this.#dispatch.handle(road, request, response, requestId),
      this.#options.version,
    );
    const { reply } = dispatched;
    if (reply !== null) await this.#send(request, response, reply, requestId);
    return dispatched;
  };

  async #preflight(
    request: IncomingMessage,
    response: ServerResponse,
    { road, requestId }: { readonly road: Road; readonly requestId: string },
  ): Promise<Noted> {
    const reply = await pastBody(request, { status: 204 }, this.#deadlines);
    await this.#send(request, response, reply, requestId);
    return { route: `${road} (preflight)` };
  }

  readonly #full: Answering = async (request, response, requestId) => {
    const road = roadOf(addressOf(request.url ?? "").path);
    if (road !== "pages") this.#crossOrigins?.mark(request, response);
    const wire = road === "rest" ? "rest" : "api";
    const fault = faultOf(
      "server.unavailable",
      "it has as many connections as it takes",
      FULL_RETRY_SECONDS,
    );
    const headers = { [REQUEST_ID_HEADER]: requestId, Connection: "close" };
    const reply = faultReply(wire, [fault], { headers });
    await sendReplyEarly(request, response, reply, this.#options.clock);
    return { route: "(no place)" };
  };

  async #page(request: IncomingMessage, path: string, requestId: string): Promise<Reply> {
    try {
      return await this.#pages.answer(request, path, requestId);
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
    // All in one object, made once: headers that a response was given before would make Node check and sort each of them again.
    // Some hold addresses that are secrets, and no cache knows that a header of ours tells callers apart.
    const headers: Record<string, string> = { "Cache-Control": "no-store" };
    for (const name in own) headers[name] = own[name] ?? "";
    headers[REQUEST_ID_HEADER] = requestId;
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
