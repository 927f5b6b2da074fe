import type { IncomingMessage } from "node:http";
import type { RpcSecurity } from "@contentlib/contract/bindings";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Logins } from "../app/app.ts";
import type { Caller, Origin } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import { LOGIN_ID_NAME } from "./cookies.ts";
import { headerOf } from "./request-head.ts";

/** Makes a login of the name and password in a call's security context. A refusal never says why. */
export const createRpcLogin = async (
  security: RpcSecurity,
  logins: Logins,
  origin: Origin,
): Promise<string> => {
  if (security.kind === "unknown")
    throw new Fault(faultOf("login.unknown_scheme", security.schemeId.slice(0, SCHEME_UNITS_MAX)));
  if (security.kind !== "password") throw new Fault(faultOf("login.refused"));
  return await logins.create(security, origin);
};

const SCHEME_UNITS_MAX = 100;
const USER_PASS = "com.vmware.vapi.std.security.user_pass";

/** The login's id in the call itself; null where it has none. Thrown as `Fault`: a scheme that proves nothing here. */
const loginIdIn = (security: RpcSecurity): string | null => {
  switch (security.kind) {
    case "anonymous":
      return null;
    case "session":
      return security.sessionId;
    case "password":
      throw new Fault(faultOf("login.unknown_scheme", USER_PASS));
    case "unknown":
      throw new Fault(
        faultOf("login.unknown_scheme", security.schemeId.slice(0, SCHEME_UNITS_MAX)),
      );
  }
};

/**
 * The caller of a JSON-RPC call: the login its security context names, or the header does. Both may be there if they are the same;
 * a proxy that judges one and a server that takes the other would be a hole. Cookies and `Authorization` prove nothing here.
 */
export const requireRpcCaller = async (
  security: RpcSecurity,
  request: IncomingMessage,
  logins: Logins,
): Promise<Caller> => {
  const inCall = loginIdIn(security);
  const inHeader = headerOf(request, LOGIN_ID_NAME);
  if (inCall !== null && inHeader !== null && inCall !== inHeader)
    throw new Fault(faultOf("login.conflicting"));
  const loginId = inCall ?? inHeader;
  const caller = loginId === null ? null : await logins.authenticate(loginId, request.socket);
  if (caller === null) throw new Fault(faultOf("login.required"));
  return caller;
};
