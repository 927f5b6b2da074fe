import { certificateProblem } from "./certificate-problem.ts";
import { AbortedError, ConnectionError, ProtocolError, TimeoutError, textOf } from "./errors.ts";
import type { System } from "./system.ts";

/** One HTTP request of a command. */
export interface CommandRequest {
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value, or undefined for no body. */
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came back: any status, with the body read and parsed. */
export interface CommandReply {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON body; undefined when it is empty. */
  readonly body: unknown;
  readonly requestId: string | undefined;
}

/** Sends one command and reads the whole answer. Throws ConnectionError, TimeoutError, AbortedError or ProtocolError. */
export async function exchange(system: System, request: CommandRequest): Promise<CommandReply> {
  const context = { operation: request.operation };
  if (request.signal?.aborted) throw new AbortedError("The call was aborted.", context);
  const limit = limitTime(system, request.timeoutMs, request.signal);
  try {
    const response = await system.fetch(request.url, {
      method: request.method,
      headers:
        request.body === undefined
          ? request.headers
          : { ...request.headers, "content-type": "application/json" },
      redirect: "error",
      signal: limit.signal,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    answered.add(originOf(request.url));
    return await readReply(response, request.operation);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (request.signal?.aborted)
      throw new AbortedError("The call was aborted.", { ...context, cause: error });
    if (limit.isTimedOut()) {
      const seconds = request.timeoutMs / 1_000;
      throw new TimeoutError(`${originOf(request.url)} did not answer within ${seconds} s.`, {
        ...context,
        cause: error,
      });
    }
    throw connectionError(request.url, error, context);
  } finally {
    limit.close();
  }
}

async function readReply(response: Response, operation: string): Promise<CommandReply> {
  const requestId = response.headers.get("x-request-id") ?? undefined;
  const text = await response.text();
  const body = text === "" ? undefined : parseJson(text, response, { operation, requestId });
  return { status: response.status, headers: response.headers, body, requestId };
}

function parseJson(
  text: string,
  response: Response,
  context: { readonly operation: string; readonly requestId: string | undefined },
): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (response.status >= 500 || isPlainNotFound(response, context.operation)) return undefined;
    const message = `The answer (status ${response.status}) is not JSON: is ${originOf(response.url)} a Content Library server?`;
    throw new ProtocolError(message, { ...context, cause });
  }
}

/**
 * The vCenter simulator says in plain text that something is not there. Whoever has logged in speaks to the right server; before
 * that, it is the address that is wrong.
 */
const isPlainNotFound = ({ status, headers }: Response, operation: string): boolean =>
  status === 404 &&
  !operation.startsWith("login.") &&
  (headers.get("content-type") ?? "").startsWith("text/plain");

/** A ConnectionError that names the server and the reason the platform gave. */
export function connectionError(
  url: string,
  cause: unknown,
  context: { readonly operation?: string },
): ConnectionError {
  const origin = originOf(url);
  const code = codeOf(cause) ?? "";
  const untrusted = code === CERTIFICATE_NOT_PINNED ? reasonOf(cause) : certificateProblem(code);
  if (untrusted !== undefined) {
    const message = `${origin} is not trusted: ${untrusted}.`;
    return new ConnectionError(message, { ...context, cause, untrustedOrigin: origin });
  }
  const unreached = UNREACHED[code];
  const message =
    unreached === undefined
      ? `The connection to ${origin} broke: ${BROKEN[code] ?? reasonOf(cause)}${perhapsSecure(origin, cause)}.`
      : `${origin} can not be reached: ${unreached}.`;
  return new ConnectionError(message, { ...context, cause });
}

/** Code of the error for a server whose key is not the pinned one. */
export const CERTIFICATE_NOT_PINNED = "CONTENTLIB_CERTIFICATE_NOT_PINNED";
/** Code of the error for an address without TLS where a server is pinned. */
export const TLS_WANTED = "CONTENTLIB_TLS_WANTED";

/** Servers that have answered: how to speak to them is known. */
const answered = new Set<string>();

/** A server that speaks TLS closes a connection that begins without it, and says nothing. */
function perhapsSecure(origin: string, cause: unknown): string {
  const inner = innermost(cause);
  const isSilent =
    typeof inner === "object" &&
    inner !== null &&
    "socket" in inner &&
    typeof inner.socket === "object" &&
    inner.socket !== null &&
    "bytesRead" in inner.socket &&
    inner.socket.bytesRead === 0;
  return isSilent && origin.startsWith("http:") && !answered.has(origin)
    ? " without a word (if it speaks TLS, its address begins with https://)"
    : "";
}

/** The platforms hide the reason of a failed fetch in causes, and in lists of causes when several addresses were tried. */
function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;
}

function codeOf(error: unknown): string | undefined {
  const inner = innermost(error);
  const code =
    typeof inner === "object" && inner !== null && "code" in inner ? inner.code : undefined;
  if (code === "EPROTO" && textOf(inner).includes("wrong version number"))
    return "ERR_SSL_WRONG_VERSION_NUMBER";
  return typeof code === "string" ? code : undefined;
}

/** The platform's own words; those of OpenSSL are for its makers, so its code stands for them. */
function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? "";
  if (/^(ERR_SSL_|EPROTO$)/.test(code)) return `TLS failed with ${code}`;
  return textOf(innermost(error)).replace(/\.$/, "");
}

const NO_TLS = "what listens there does not speak TLS, so its address begins with http://";
const OLD_TLS = "it speaks no version of TLS from 1.2 on";

/** Why a connection was never made, in words. */
const UNREACHED: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name of the host can not be looked up now",
  ETIMEDOUT: "the host does not answer",
  UND_ERR_CONNECT_TIMEOUT: "the host does not answer",
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: OLD_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: OLD_TLS,
  [TLS_WANTED]:
    "a client that knows its server by a pin speaks TLS only, and this address has none",
};

/** Why a connection ended early, in words. */
const BROKEN: Readonly<Record<string, string>> = {
  ECONNRESET: "the other side reset it",
  EPIPE: "the other side closed it",
  UND_ERR_SOCKET: "the other side closed it",
};

/** Scheme, host and port: the part of an address that may be shown; transfer endpoints are secrets beyond it. */
export const originOf = (url: string): string => {
  const parsed = URL.parse(url);
  return parsed === null ? "The server" : parsed.origin;
};

interface TimeLimit {
  readonly signal: AbortSignal;
  isTimedOut(): boolean;
  close(): void;
}

/** A signal that aborts with the caller's or when the time is up, whichever comes first. */
function limitTime(system: System, timeoutMs: number, outer: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  const ended = new AbortController();
  let timedOut = false;
  const abort = (): void => controller.abort(outer?.reason);
  outer?.addEventListener("abort", abort, { once: true });
  void system.sleep(timeoutMs, ended.signal).then(() => {
    if (ended.signal.aborted) return;
    timedOut = true;
    controller.abort();
  });
  return {
    signal: controller.signal,
    isTimedOut: () => timedOut,
    close() {
      outer?.removeEventListener("abort", abort);
      ended.abort();
    },
  };
}
