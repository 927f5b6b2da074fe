import { decodeReply } from "@contentlib/contract/bindings";
import { LibraryError, ProtocolError } from "./errors.ts";
import type { ClientError } from "./errors.ts";

/** A reply of a byte endpoint: they answer errors in the form of `/api`, whatever form the commands take. */
export interface ByteReply {
  readonly status: number;
  readonly body: string;
  readonly requestId: string | undefined;
}

/** The error a refused transfer stands for. */
export function transferError(reply: ByteReply, operation: "upload" | "download"): ClientError {
  const context = { operation, requestId: reply.requestId };
  const decoded = decodeReply("api", "updateSessionFile.get", reply.status, parse(reply.body));
  if ("fault" in decoded) {
    return new LibraryError({ ...decoded.fault, status: reply.status }, context);
  }
  return new ProtocolError(
    `The ${operation} was answered with status ${reply.status}, which is not expected.`,
    context,
  );
}

/** What a gateway in between says need not be JSON; its status is enough. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
