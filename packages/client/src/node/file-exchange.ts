import { request as requestOverHttp } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestOverHttps } from "node:https";
import { TLS_WANTED, connectionError } from "../transport.ts";
import { sendingError } from "../send-bytes.ts";
import type { System } from "../system.ts";
import type { SendRequest } from "../upload-source.ts";
import type { PinnedServer } from "./certificate-pin.ts";
import { ownAgent, sharedAgent } from "./upload-agents.ts";

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
export function openExchange(sending: SendRequest, asking: FileExchange): Exchange {
  const { url, signal, system } = sending;
  const { bodyBytes, pinned } = asking;
  const isSecure = new URL(url).protocol === "https:";
  if (pinned !== undefined && !isSecure) throw withoutTls(url);
  const start = isSecure ? requestOverHttps : requestOverHttp;
  const isAsking = bodyBytes === undefined || bodyBytes >= ASK_FROM_BYTES;
  const agent = isAsking ? ownAgent({ isSecure, pinned }) : sharedAgent({ isSecure, pinned });
  const headers = {
    ...sending.headers,
    ...asking.headers,
    ...(bodyBytes === undefined ? {} : { "content-length": String(bodyBytes) }),
    ...(isAsking ? { expect: "100-continue" } : {}),
  };
  const request = start(url, { method: asking.method, headers, signal, agent });
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", (cause) => reject(sendingError(url, signal, cause)));
    const close = (): void => reject(sendingError(url, signal, new Error("no answer came")));
    request.on("close", close);
    request.on("response", () => request.off("close", close));
  });
  reply.catch(() => undefined);
  const asked = isAsking ? untilTold({ request, reply }, system) : Promise.resolve();
  const close = (): void => {
    request.destroy();
    if (isAsking) agent.destroy();
  };
  return { request, reply, asked, close };
}

async function untilTold(
  { request, reply }: Pick<Exchange, "reply" | "request">,
  system: System,
): Promise<void> {
  const told = new AbortController();
  const tell = (): void => told.abort();
  request.once("continue", tell);
  reply.then(tell, tell);
  await system.sleep(ASK_TIMEOUT_MS, told.signal);
}

const withoutTls = (url: string): Error =>
  connectionError(url, Object.assign(new Error("no TLS"), { code: TLS_WANTED }), {
    operation: "upload",
  });
