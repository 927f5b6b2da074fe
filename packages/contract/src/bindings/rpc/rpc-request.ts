import { type DataValue, isMembers, type Members } from "./data-value.ts";
import { isStructure } from "./decoder.ts";
import { type ProtocolError, protocolError } from "./protocol-error.ts";

const SECURITY = "com.vmware.vapi.std.security";

/** The schemes of a security context that this server knows by name. */
export const SECURITY_SCHEMES = {
  userPass: `${SECURITY}.user_pass`,
  sessionId: `${SECURITY}.session_id`,
  none: `${SECURITY}.no_authentication`,
} as const;

/** Who calls, as the call itself says. */
export type RpcSecurity =
  | { readonly kind: "anonymous" }
  | { readonly kind: "password"; readonly userName: string; readonly password: string }
  | { readonly kind: "session"; readonly sessionId: string }
  /** A scheme that nobody here can check. */
  | { readonly kind: "unknown"; readonly schemeId: string };

/** A call whose envelope is sound. */
export interface RpcRequest {
  readonly id: string | number;
  readonly serviceId: string;
  readonly operationId: string;
  /** The parameters, still wrapped: a structure of any name. */
  readonly input: Members;
  readonly security: RpcSecurity;
  /** The client's own name for the call; null where it gave none. */
  readonly opId: string | null;
}

const isId = (id: unknown): id is string | number =>
  typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id));

/** Why a body is no call at all; `undefined` when its id can be repeated and its method judged. */
const envelopeTrouble = (body: unknown): string | undefined => {
  if (Array.isArray(body)) return "batches are not taken";
  if (!isMembers(body)) return "an object is expected";
  if (body["jsonrpc"] !== "2.0") return "jsonrpc is not 2.0";
  if (!Object.hasOwn(body, "id")) return "it has no id, and notifications are not taken";
  if (!isId(body["id"])) return "the id is no string and no integer below 2^53";
  return typeof body["method"] === "string" ? undefined : "the method is no string";
};

const readPassword = (context: Members): RpcSecurity | string => {
  const { userName, password } = context;
  return typeof userName === "string" && typeof password === "string"
    ? { kind: "password", userName, password }
    : "userName and password of a security context are strings";
};

const readSecurity = (context: unknown): RpcSecurity | string => {
  if (context === undefined || context === null) return { kind: "anonymous" };
  if (!isMembers(context)) return "ctx.securityCtx is an object";
  const { schemeId, sessionId } = context;
  if (typeof schemeId !== "string") return "ctx.securityCtx.schemeId is a string";
  if (schemeId === SECURITY_SCHEMES.none) return { kind: "anonymous" };
  if (schemeId === SECURITY_SCHEMES.userPass) return readPassword(context);
  if (schemeId !== SECURITY_SCHEMES.sessionId) return { kind: "unknown", schemeId };
  return typeof sessionId === "string"
    ? { kind: "session", sessionId }
    : "the sessionId of a security context is a string";
};

type Params = Omit<RpcRequest, "id">;

const readParams = (params: Members): Params | string => {
  const { serviceId, operationId, input, ctx } = params;
  if (typeof serviceId !== "string") return "serviceId is a string";
  if (typeof operationId !== "string") return "operationId is a string";
  if (!isMembers(input) || !isStructure(input)) return "input is a STRUCTURE";
  if (!isMembers(ctx)) return "ctx is an object";
  const security = readSecurity(ctx["securityCtx"]);
  if (typeof security === "string") return security;
  const { appCtx = null } = ctx;
  if (appCtx !== null && !isMembers(appCtx)) return "ctx.appCtx is an object";
  const opId = appCtx?.["opId"];
  return { serviceId, operationId, input, security, opId: typeof opId === "string" ? opId : null };
};

/** Reads the envelope of a call from parsed JSON: the call, or the answer to what is none. What it holds is not read yet. */
export const readRpcRequest = (body: unknown): RpcRequest | ProtocolError => {
  const trouble = envelopeTrouble(body);
  if (trouble !== undefined || !isMembers(body))
    return protocolError("request", null, trouble ?? "an object is expected");
  const { id, method, params } = body;
  if (!isId(id)) return protocolError("request", null, "the id can not be repeated");
  if (method !== "invoke")
    return protocolError("method", id, `${String(method)}, where only invoke is`);
  if (!isMembers(params)) return protocolError("params", id, "params is an object");
  for (const name of ["input", "ctx"] as const)
    if (!Object.hasOwn(params, name)) return protocolError("request", id, `params has no ${name}`);
  const read = readParams(params);
  return typeof read === "string" ? protocolError("params", id, read) : { id, ...read };
};

/** Where a call of an operation goes, for writing one. */
export interface RpcCall {
  readonly id: string | number;
  readonly service: string;
  readonly method: string;
  readonly input: DataValue;
  readonly opId: string;
  readonly security: RpcSecurity;
}

const writeSecurity = (security: RpcSecurity): DataValue => {
  switch (security.kind) {
    case "anonymous":
      return null;
    case "password": {
      const { userName, password } = security;
      return { schemeId: SECURITY_SCHEMES.userPass, userName, password };
    }
    case "session":
      return { schemeId: SECURITY_SCHEMES.sessionId, sessionId: security.sessionId };
    case "unknown":
      return { schemeId: security.schemeId };
  }
};

/** The envelope of a call. */
export const writeRpcRequest = (call: RpcCall): DataValue => ({
  jsonrpc: "2.0",
  method: "invoke",
  id: call.id,
  params: {
    serviceId: call.service,
    operationId: call.method,
    input: call.input,
    ctx: { appCtx: { opId: call.opId }, securityCtx: writeSecurity(call.security) },
  },
});
