import type { LoadRequest } from "./load-job.ts";

/** The forms of the API, the one that the others are compared with first. */
export const WIRES = ["/rest", "/api", "JSON-RPC"] as const;

export type WireName = (typeof WIRES)[number];

/** The same call on each wire. */
export type WireCalls = Readonly<Record<WireName, LoadRequest>>;

/** Where calls go and who makes them. */
export interface Target {
  readonly url: string;
  readonly login: string;
}

const SESSIONS = "/content/library/item/update-session";
const DOWNLOADS = "/content/library/item/download-session";
const SESSION_ID_SCHEME = "com.vmware.vapi.std.security.session_id";

const rest = (path: string): string => `/rest/com/vmware${path}`;
const api = (path: string): string => `/api${path}`;

interface RpcParts {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

/** A call as the vendor's own clients send it: who calls stands in the body. */
const rpc = ({ url, login }: Target, { service, operation, input }: RpcParts): LoadRequest => ({
  method: "POST",
  url: `${url}/api`,
  body: {
    jsonrpc: "2.0",
    method: "invoke",
    id: "1",
    params: {
      serviceId: `com.vmware.content.library.${service}`,
      operationId: operation,
      input: { STRUCTURE: { "operation-input": input } },
      ctx: {
        appCtx: { opId: "bench" },
        securityCtx: { schemeId: SESSION_ID_SCHEME, sessionId: login },
      },
    },
  },
});

/** Get of an update session. */
export const getSessionCalls = (target: Target, sessionId: string): WireCalls => {
  const { url, login } = target;
  const get = (path: string): LoadRequest => ({ method: "GET", url: `${url}${path}`, login });
  return {
    "/rest": get(rest(`${SESSIONS}/id:${sessionId}`)),
    "/api": get(api(`${SESSIONS}/${sessionId}`)),
    "JSON-RPC": rpc(target, {
      service: "item.update_session",
      operation: "get",
      input: { update_session_id: sessionId },
    }),
  };
};

/** Get of a download session, on the forms where the login is a header. */
export const getDownloadCalls = (
  { url, login }: Target,
  sessionId: string,
): Pick<WireCalls, "/rest" | "/api"> => {
  const get = (path: string): LoadRequest => ({ method: "GET", url: `${url}${path}`, login });
  return {
    "/rest": get(rest(`${DOWNLOADS}/id:${sessionId}`)),
    "/api": get(api(`${DOWNLOADS}/${sessionId}`)),
  };
};

/** Keep-alive of an update session, with a progress. */
export const keepAliveCalls = (target: Target, sessionId: string): WireCalls => {
  const { url, login } = target;
  const post = (path: string): LoadRequest => ({
    method: "POST",
    url: `${url}${path}`,
    login,
    body: { client_progress: 1 },
  });
  return {
    "/rest": post(rest(`${SESSIONS}/id:${sessionId}?~action=keep-alive`)),
    "/api": post(api(`${SESSIONS}/${sessionId}?action=keep-alive`)),
    "JSON-RPC": rpc(target, {
      service: "item.update_session",
      operation: "keep_alive",
      input: { update_session_id: sessionId, client_progress: { OPTIONAL: 1 } },
    }),
  };
};

/** List of the items of a library. */
export const listItemsCalls = (target: Target, libraryId: string): WireCalls => {
  const { url, login } = target;
  const list = (path: string): LoadRequest => ({
    method: "GET",
    url: `${url}${path}/content/library/item?library_id=${libraryId}`,
    login,
  });
  return {
    "/rest": list(rest("")),
    "/api": list(api("")),
    "JSON-RPC": rpc(target, {
      service: "item",
      operation: "list",
      input: { library_id: libraryId },
    }),
  };
};
