import type { IncomingMessage } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import { Fault } from "../app/fault.ts";
import { headerOf } from "./request-head.ts";

/** What a browser says of a request that the user or our own page made. */
const OWN_SITES: readonly string[] = ["same-origin", "none"];

const withoutScheme = (origin: string): string => origin.replace(/^https?:\/\//i, "").toLowerCase();

/** Our own names, with and without the port, so that a proxy that ends TLS in front of us is no stranger. */
const ownHosts = (request: IncomingMessage, baseUrl: string): readonly string[] => {
  const base = withoutScheme(baseUrl);
  const host = headerOf(request, "host")?.toLowerCase();
  return [base, base.replace(/:(?:80|443)$/, ""), ...(host === undefined ? [] : [host])];
};

/**
 * Refuses a request that logs in by cookie and, by the browser's own word, comes from another site: a browser adds cookies by
 * itself, so the cookie does not prove that our page or the user meant it. Clients that are no browser say nothing.
 */
export const refuseCrossSite = (request: IncomingMessage, baseUrl: string): void => {
  const site = headerOf(request, "sec-fetch-site");
  if (site !== null && !OWN_SITES.includes(site.toLowerCase()))
    throw new Fault(faultOf("login.cross_site", site));
  const origin = headerOf(request, "origin");
  if (origin === null || ownHosts(request, baseUrl).includes(withoutScheme(origin))) return;
  throw new Fault(faultOf("login.cross_site", origin));
};
