import type { IncomingMessage } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Credentials, Logins } from "../app/app.ts";
import type { Caller, Origin } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import { findLoginCookie, LOGIN_ID_NAME, loginCookie } from "./cookies.ts";
import { refuseCrossSite } from "./cross-site.ts";
import type { Reached } from "./perform.ts";
import { addressOf, headerOf } from "./request-head.ts";

/** Headers by which a client says that it wants no cookie; an empty one says nothing (contract A6). */
const COOKIE_OPT_OUTS = ["vmware-use-header-authn", "vmware-api-use-header-authn"] as const;

const decodeBasic = (encoded: string): Credentials | null => {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0
    ? null
    : { kind: "password", userName: text.slice(0, colon), password: text.slice(colon + 1) };
};

/** What `Authorization` presents; null when it is absent or of a scheme this server does not take (contract A1, A2). */
export const credentialsOf = (authorization: string | null): Credentials | null => {
  const [scheme = "", value = "", ...rest] = (authorization ?? "").split(/ +/);
  if (value === "" || rest.length > 0) return null;
  if (scheme.toLowerCase() === "basic") return decodeBasic(value);
  return scheme.toLowerCase() === "bearer" ? { kind: "token", token: value } : null;
};

/** Makes a login of what the request presents, by either create call. A refusal never says why. */
export const createLogin = async (
  request: IncomingMessage,
  logins: Logins,
  origin: Origin,
): Promise<string> => {
  const credentials = credentialsOf(headerOf(request, "authorization"));
  if (credentials === null) throw new Fault(faultOf("login.refused"));
  return await logins.create(credentials, origin);
};

/** Headers of a successful create: the id as a header always, as a cookie unless the client wants none (contract A6, A7). */
export const createdHeaders = (
  request: IncomingMessage,
  loginId: string,
  baseUrl: string,
): Record<string, string> => {
  const wantsCookie = COOKIE_OPT_OUTS.every((name) => headerOf(request, name) === null);
  return {
    [LOGIN_ID_NAME]: loginId,
    "Cache-Control": "no-store",
    ...(wantsCookie ? { "Set-Cookie": loginCookie(loginId, baseUrl.startsWith("https:")) } : {}),
  };
};

/** What a call by cookie is judged by. */
interface CookieUse {
  readonly reached: Pick<Reached, "baseUrl">;
  /** Whether the answer is a stream, which takes a place of the server's as long as it lasts. */
  readonly isStream: boolean;
}

/** A browser lets no other site read an answer; so that one only must not change anything, nor hold anything open. */
const isHarmless = ({ method }: IncomingMessage, { isStream }: CookieUse): boolean =>
  (method === "GET" || method === "HEAD") && !isStream;

/** Where a login is made on each wire. */
const LOGIN_PATHS = { api: "/api/session", rest: "/rest/com/vmware/cis/session" } as const;

/** Whoever presents what a login is made of, and no login, is told how to get from one to the other. */
const notLoggedIn = (request: IncomingMessage, loginId: string | null): Fault => {
  const required = faultOf("login.required");
  if (loginId !== null || headerOf(request, "authorization") === null) return new Fault(required);
  const { path } = addressOf(request.url ?? "");
  const wire = path.startsWith("/rest/") ? "rest" : "api";
  return new Fault([required, faultOf("login.first", LOGIN_PATHS[wire])]);
};

/** The caller of a request: the header's id, else the cookie's (contract A5). `Authorization` counts only on the create calls. */
export const requireCaller = async (
  request: IncomingMessage,
  logins: Logins,
  cookieUse: CookieUse,
): Promise<Caller> => {
  const headerId = headerOf(request, LOGIN_ID_NAME);
  const loginId = headerId ?? findLoginCookie(headerOf(request, "cookie"));
  const found = loginId === null ? null : logins.authenticate(loginId, request.socket);
  const caller = found instanceof Promise ? await found : found;
  if (caller === null) throw notLoggedIn(request, loginId);
  if (headerId === null && !isHarmless(request, cookieUse))
    refuseCrossSite(request, cookieUse.reached.baseUrl());
  return caller;
};
