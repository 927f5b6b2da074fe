import { decodeReply } from "@contentlib/contract/bindings";
import { GatewayError, LibraryError, ProtocolError } from "./errors.ts";
import type { ClientError, ErrorContext } from "./errors.ts";
import { originOf } from "./transport.ts";

/** A reply of a byte endpoint: they answer errors in the form of `/api`, whatever form the commands take. */
export interface ByteReply {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string | undefined;
}

/** The error a refused transfer stands for. */
export function transferError(
  { url, status, body: text, requestId }: ByteReply,
  operation: "upload" | "download",
): ClientError {
  const context = { operation, requestId };
  const body = parse(text);
  const gateway = gatewayError({ url, status, body }, context);
  if (gateway !== null) return gateway;
  const decoded = decodeReply("api", "updateSessionFile.get", status, body);
  if ("fault" in decoded) return new LibraryError({ ...decoded.fault, status }, context);
  return new ProtocolError(
    `The ${operation} was answered with status ${status}, which is not expected.`,
    context,
  );
}

/** What gateways answer when they have no answer of the server behind them. */
const GATEWAY_STATUSES: Readonly<Record<number, string>> = {
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** An answer to a request to the address, with its parsed body; undefined where it is empty or no JSON. */
interface Answer {
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

/** The error that an answer stands for which a gateway gave, and no server of this API; null where it is none such. */
export function gatewayError(
  { url, status, body }: Answer,
  context: ErrorContext,
): GatewayError | null {
  const words = GATEWAY_STATUSES[status];
  if (words === undefined || isOfServer(body)) return null;
  const message = `The gateway at ${originOf(url)} answered ${status} ${words}, without a word of the server behind it.`;
  return new GatewayError(message, { ...context, status });
}

/** Errors of this API have a class on each wire, and messages; what gateways write in JSON has other members. */
function isOfServer(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  if ("error_type" in body || "messages" in body) return true;
  return "type" in body && typeof body.type === "string" && body.type.startsWith("com.vmware.");
}

/** What a gateway in between says need not be JSON; its status is enough. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
