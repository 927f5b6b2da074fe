import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Clock, Exposition, RequestJournal } from "../ports/index.ts";
import { HEAD_TIMEOUT_MS } from "./connection.ts";
import { Connections } from "./connections.ts";
import { faultReply } from "./fault-reply.ts";
import { figuresReply, METRICS_PATH } from "./metrics-page.ts";
import { notThere, READS, readsOnly } from "./pages.ts";
import { refuseExpectation, refuseLate, refuseMalformed, refuseTunnel } from "./refuse-head.ts";
import type { Reply } from "./reply.ts";
import { REQUEST_ID_HEADER, sendReply } from "./reply.ts";
import { addressOf, hasBody } from "./request-head.ts";
import { unexpectedFault } from "./unexpected.ts";

/** Who reads figures are few. */
const CONNECTIONS_MAX = 64;

/** How long an idle connection is kept, in milliseconds: longer than the usual pause between two scrapes. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** The reply on a connection for which there is no place. */
const NO_PLACE: Reply = faultReply("api", [
  faultOf("server.unavailable", "it has as many connections as it takes", "5"),
]);

/** What the server of the figures is made of. */
export interface MetricsServerOptions {
  readonly exposition: Exposition;
  readonly clock: Clock;
  readonly journal: Pick<RequestJournal, "requestFailed">;
  /** A fresh id for each request. */
  readonly requestId: () => string;
}

/** A server of the figures alone, without a login: not yet listening. */
export interface MetricsServer {
  readonly server: Server;
  /** Ends every connection. Closing twice is harmless. */
  close(): Promise<void>;
}

const replyOf = async (
  request: IncomingMessage,
  requestId: string,
  { exposition, journal }: MetricsServerOptions,
): Promise<Reply> => {
  const { path } = addressOf(request.url ?? "");
  const method = request.method ?? "";
  if (path !== METRICS_PATH) return notThere(method, path);
  if (!READS.includes(method)) return readsOnly(method, path);
  try {
    return await figuresReply(exposition);
  } catch (error) {
    journal.requestFailed({ route: METRICS_PATH, error });
    return faultReply("api", [unexpectedFault(error, requestId)]);
  }
};

/** Only plain HTTP, for a monitoring system on the same machine or network. Whoever reaches its port may read. */
export const createMetricsServer = (options: MetricsServerOptions): MetricsServer => {
  const { clock, requestId } = options;
  const server = createServer({
    headersTimeout: HEAD_TIMEOUT_MS,
    requestTimeout: HEAD_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requireHostHeader: false,
  });
  const connections = new Connections({
    clock,
    connectionsMax: CONNECTIONS_MAX,
    isTls: false,
    isProxy: () => false,
    tellLate: (socket) => refuseLate(socket, requestId()),
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const connection = connections.of(request.socket);
    if (connection === undefined) {
      response.destroy();
      return;
    }
    connection.asked();
    response.on("close", () => connection.answered());
    const id = requestId();
    const isRefused = connection.place.admission === "refused";
    const reply = isRefused ? NO_PLACE : await replyOf(request, id, options);
    // What a body says is never read.
    const closing = isRefused || hasBody(request) ? { Connection: "close" } : {};
    const headers = { ...reply.headers, [REQUEST_ID_HEADER]: id, ...closing };
    sendReply(response, { ...reply, headers });
  };
  server.prependListener("connection", (socket: Socket) => connections.open(socket));
  server.on("request", (request, response) => void answer(request, response));
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    refuseExpectation(request, response, requestId());
  });
  server.on("connect", (_request: IncomingMessage, socket: Socket) => {
    refuseTunnel(socket, requestId());
  });
  server.on("clientError", (error: Error, socket: Socket) => {
    if (!socket.writable || connections.of(socket)?.isAnswering === true) socket.destroy();
    else refuseMalformed(error, socket, requestId());
  });
  return {
    server,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.close();
      await closed;
    },
  };
};
