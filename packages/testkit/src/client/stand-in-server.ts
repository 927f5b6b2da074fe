import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { decodeInput, encodeFault, encodeReply, matchRoute } from "@contentlib/contract/bindings";
import type { Wire } from "@contentlib/contract/bindings";
import { isFault } from "@contentlib/contract/vocabulary";
import type { FaultClass } from "@contentlib/contract/vocabulary";
import type { OperationId } from "@contentlib/contract";
import type { TlsIdentity } from "../builders/tls-certificates.ts";

/** A request as the stand-in understood it. */
export interface StandInRequest {
  readonly operation: OperationId;
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage["headers"];
}

/** What the stand-in is to do with a request. */
export type StandInAnswer =
  | { readonly output: unknown; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly fault: FaultClass;
      readonly id?: string;
      readonly text?: string;
      readonly args?: readonly string[];
      readonly retryAfter?: string;
    }
  | { readonly status: number; readonly text: string }
  /** Does `after`, then cuts the connection without an answer. */
  | { readonly cut: true }
  /** Never answers. */
  | { readonly hang: true };

/** What the stand-in does with bytes; the default takes them and answers 200. */
export type ByteHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/** A server that speaks the wires by the contract's own codecs and does nothing but what the test says. */
export interface StandInServer {
  readonly url: string;
  /** Every command that came, in order. */
  readonly requests: readonly StandInRequest[];
  /** Operations that came, in order, without the login. */
  operations(): readonly string[];
  close(): Promise<void>;
}

/** Starts a stand-in. `/bytes/...` goes to `bytes`, everything else to `answer`; with an identity it speaks TLS. */
export async function startStandIn(
  answer: (request: StandInRequest, url: string) => StandInAnswer | Promise<StandInAnswer>,
  bytes: ByteHandler = takeBytes,
  identity?: TlsIdentity,
): Promise<StandInServer> {
  const requests: StandInRequest[] = [];
  let url = "";
  const listener: RequestListener = (request, response) => {
    const work = request.url?.startsWith("/bytes/")
      ? Promise.resolve(bytes(request, response))
      : command(request, response);
    work.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  };
  const server =
    identity === undefined
      ? createServer(listener)
      : createSecureServer({ cert: identity.certPem, key: identity.keyPem }, listener);
  const command = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const understood = await understand(request);
    requests.push(understood.request);
    await reply(
      response,
      understood.wire,
      understood.request.operation,
      await answer(understood.request, url),
    );
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  url = `${identity === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  return {
    url,
    requests,
    operations: () =>
      requests.map(({ operation }) => operation).filter((id) => id !== "login.create"),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function takeBytes(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await buffer(request);
  response.end();
}

async function understand(
  request: IncomingMessage,
): Promise<{ readonly wire: Wire; readonly request: StandInRequest }> {
  const [path = "/", query = ""] = (request.url ?? "/").split("?");
  const wire: Wire = path.startsWith("/rest/") ? "rest" : "api";
  const match = matchRoute(wire, request.method ?? "GET", path, query, { strict: true });
  if (match.kind !== "match") throw new Error(`no operation at ${request.method} ${request.url}`);
  const text = (await buffer(request)).toString();
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  const decoded = decodeInput(match, { body, strict: true });
  if (isFault(decoded)) throw new Error(`input refused: ${decoded.fault}`);
  return {
    wire,
    request: { operation: match.operationId, input: decoded.input, headers: request.headers },
  };
}

async function reply(
  response: ServerResponse,
  wire: Wire,
  operation: OperationId,
  answer: StandInAnswer,
): Promise<void> {
  response.setHeader("x-request-id", "request-1");
  if ("hang" in answer) return;
  if ("cut" in answer) {
    response.destroy();
    return;
  }
  if ("text" in answer && "status" in answer) {
    response.writeHead(answer.status).end(answer.text);
    return;
  }
  const encoded =
    "output" in answer
      ? encodeReply(wire, operation, answer.output)
      : encodeFault(wire, answer.fault, [
          {
            id: answer.id ?? "test",
            default_message: answer.text ?? "Refused.",
            args: answer.args ?? [],
          },
        ]);
  if ("headers" in answer && answer.headers !== undefined)
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if ("retryAfter" in answer && answer.retryAfter !== undefined)
    response.setHeader("retry-after", answer.retryAfter);
  response.writeHead(encoded.status);
  response.end(encoded.body === undefined ? undefined : JSON.stringify(encoded.body));
}
