import { Agent as HttpAgent, request as requestOverHttp } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as requestOverHttps } from "node:https";
import { TLS_WANTED, connectionError } from "../transport.ts";
import { sendingError } from "../send-bytes.ts";
import type { SendRequest } from "../upload-source.ts";
import type { PinnedServer } from "./certificate-pin.ts";
import { pinnedAgent } from "./pinned-connection.ts";

/** A request with bytes, and where it goes to. */
export interface FileExchange {
  readonly method: "PATCH" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  /** How many bytes are sent; undefined when only the end of the stream tells. */
  readonly bodyBytes: number | undefined;
  readonly pinned: PinnedServer | undefined;
}

/** A request that was opened. */
export interface Exchange {
  readonly request: ClientRequest;
  /** The answer's head. It may come before all bytes are sent: a server refuses as soon as it knows. */
  readonly reply: Promise<IncomingMessage>;
  /** Resolves when the bytes may be sent. */
  readonly asked: Promise<void>;
  readonly close: () => void;
}

/** From this size on, in bytes, the server is asked first whether it wants the file. */
const ASK_FROM_BYTES = 1024 * 1024;
/** How long a server may take to say that it wants the bytes, in milliseconds; some never say it. */
const ASK_TIMEOUT_MS = 1_000;

/** Opens a request whose body is still to be written. */
export function openExchange({ url, signal, system }: SendRequest, asking: FileExchange): Exchange {
  const { bodyBytes, pinned } = asking;
  const isSecure = new URL(url).protocol === "https:";
  if (pinned !== undefined && !isSecure) throw withoutTls(url);
  const start = isSecure ? requestOverHttps : requestOverHttp;
  // A server that is told to close the connection cuts it with its early answer, which may then be lost.
  const agent = isSecure ? secureAgent(pinned) : new HttpAgent({ keepAlive: true });
  const isAsking = bodyBytes === undefined || bodyBytes >= ASK_FROM_BYTES;
  const headers = {
    ...asking.headers,
    ...(bodyBytes === undefined ? {} : { "content-length": String(bodyBytes) }),
    ...(isAsking ? { expect: "100-continue" } : {}),
  };
  const request = start(url, { method: asking.method, headers, signal, agent });
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", (cause) => reject(sendingError(url, signal, cause)));
    request.on("close", () => reject(sendingError(url, signal, new Error("no answer came"))));
  });
  reply.catch(() => undefined);
  const told = new AbortController();
  request.once("continue", () => told.abort());
  reply.then(
    () => told.abort(),
    () => told.abort(),
  );
  const asked = isAsking ? system.sleep(ASK_TIMEOUT_MS, told.signal) : Promise.resolve();
  const close = (): void => {
    request.destroy();
    agent.destroy();
  };
  return { request, reply, asked, close };
}

const secureAgent = (pinned: PinnedServer | undefined): HttpsAgent =>
  pinned === undefined ? new HttpsAgent({ keepAlive: true }) : pinnedAgent(pinned);

const withoutTls = (url: string): Error =>
  connectionError(url, Object.assign(new Error("no TLS"), { code: TLS_WANTED }), {
    operation: "upload",
  });
