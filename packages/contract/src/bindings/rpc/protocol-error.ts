import { shortened } from "../../vocabulary/echo.ts";

/** What can be wrong with a call before it is one, with the numbers JSON-RPC gives it; the last is the API's own. */
export const PROTOCOL_ERRORS = {
  parse: { code: -32700, text: "Parse error" },
  request: { code: -32600, text: "Invalid request" },
  method: { code: -32601, text: "Method not found" },
  params: { code: -32602, text: "Invalid params" },
  internal: { code: -32603, text: "Internal error" },
  mismatch: { code: -31001, text: "Header and payload name different operations" },
} as const;

/** The id of a call, which its answer repeats; null where the call could not be read so far. */
export type RpcId = string | number | null;

/** The answer to what is no call. */
export interface ProtocolError {
  readonly id: RpcId;
  readonly code: number;
  readonly message: string;
}

/** An error of the protocol. The first two kinds never repeat the id of the call, all others must: clients insist on both. */
export const protocolError = (
  kind: keyof typeof PROTOCOL_ERRORS,
  id: RpcId,
  sentence: string,
): ProtocolError => {
  const { code, text } = PROTOCOL_ERRORS[kind];
  const isNameless = kind === "parse" || kind === "request";
  return { id: isNameless ? null : id, code, message: `${text}: ${shortened(sentence)}.` };
};
