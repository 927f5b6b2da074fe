import type { Dispatched } from "./dispatch.ts";

/** The header by which a server of this make is known, with its version; its clients then ask for what only it has. */
export const VERSION_HEADER = "contentlib-version";

/** Who proved who it is may know what it talks to: the ends of the routes of these calls. */
const LOGIN_ROUTE = /^(?:api|rest|rpc) login\.(?:create|get)$/;
/** From here on a status is an error. */
const ERRORS_FROM = 400;

/** The same, with the version of the server where the reply is a successful one to a login call. */
export const withVersion = (dispatched: Dispatched, version: string | undefined): Dispatched => {
  const { reply, route, fault } = dispatched;
  const isToLogin = version !== undefined && LOGIN_ROUTE.test(route);
  if (!isToLogin || reply === null || fault !== undefined || reply.status >= ERRORS_FROM)
    return dispatched;
  return {
    ...dispatched,
    reply: { ...reply, headers: { ...reply.headers, [VERSION_HEADER]: version } },
  };
};
