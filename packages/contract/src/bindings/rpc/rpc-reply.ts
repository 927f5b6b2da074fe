import { isMembers, type DataValue } from "./data-value.ts";
import type { ProtocolError, RpcId } from "./protocol-error.ts";

const head = (id: RpcId): string => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`;

/** What stands around the output, as JSON, in the text of the answer to a call that succeeded. */
export const rpcOutputFrame = (id: RpcId): { readonly before: string; readonly after: string } => ({
  before: `${head(id)}"result":{"output":`,
  after: "}}",
});

/** The text of the answer to a call that succeeded; no result is null. */
export const rpcOutputText = (id: RpcId, output: DataValue): string =>
  `${head(id)}"result":{"output":${JSON.stringify(output)}}}`;

/** The text of the answer to a call that failed. */
export const rpcErrorText = (id: RpcId, error: DataValue): string =>
  `${head(id)}"result":{"error":${JSON.stringify(error)}}}`;

/** The text of the answer to what is no call. */
export const protocolErrorText = ({ id, code, message }: ProtocolError): string =>
  `${head(id)}"error":${JSON.stringify({ code, message, data: null })}}`;

/** What an answer says, still wrapped. */
export type RpcReply =
  | { readonly output: unknown }
  | { readonly error: unknown }
  | { readonly protocolError: ProtocolError }
  | { readonly malformed: string };

const readProtocolError = (id: unknown, error: unknown): RpcReply => {
  if (!isMembers(error)) return { malformed: "the error is no object" };
  const { code, message } = error;
  return typeof code === "number" && typeof message === "string"
    ? {
        protocolError: {
          id: typeof id === "string" || typeof id === "number" ? id : null,
          code,
          message,
        },
      }
    : { malformed: "the error has no code and message" };
};

/** Reads the answer to a call of the given id from parsed JSON, as strictly as the strictest of the known clients. */
export const readRpcReply = (id: string | number, body: unknown): RpcReply => {
  if (!isMembers(body) || body["jsonrpc"] !== "2.0") return { malformed: "it is no answer" };
  if (Object.hasOwn(body, "error")) return readProtocolError(body["id"], body["error"]);
  if (body["id"] !== id) return { malformed: "it answers another call" };
  const { result } = body;
  if (!isMembers(result)) return { malformed: "it has no result" };
  const names = Object.keys(result);
  if (names.length === 0) return { output: null };
  if (names.length === 1 && names[0] === "output") return { output: result["output"] };
  return names.length === 1 && names[0] === "error"
    ? { error: result["error"] }
    : { malformed: "the result is neither an output nor an error" };
};
