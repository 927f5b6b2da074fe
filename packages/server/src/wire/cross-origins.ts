import type { IncomingMessage, ServerResponse } from "node:http";
import cors from "cors";
import { headerOf } from "./request-head.ts";

/** How long a browser may keep what it was told about other origins, in seconds. */
const MAX_AGE_SECONDS = 600;

const METHODS = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"];

/** What a page may send beyond what browsers let every page send. */
const ALLOWED_HEADERS = [
  "authorization",
  "client-token",
  "client_token",
  "content-digest",
  "content-range",
  "content-type",
  "contentlib-keep-partials",
  "contentlib-message",
  "if-match",
  "if-none-match",
  "if-range",
  "last-event-id",
  "range",
  "tus-resumable",
  "upload-checksum",
  "upload-complete",
  "upload-defer-length",
  "upload-draft-interop-version",
  "upload-incomplete",
  "upload-length",
  "upload-metadata",
  "upload-offset",
  "vapi-ctx-opid",
  "vapi-operation",
  "vapi-service",
  "vmware-api-session-id",
  "vmware-api-use-header-authn",
  "vmware-use-header-authn",
  "want-repr-digest",
  "x-http-method-override",
  "x-request-id",
];

/** What a page may read beyond what browsers let every page read. */
const EXPOSED_HEADERS = [
  "accept-patch",
  "accept-ranges",
  "allow",
  "content-disposition",
  "content-range",
  "contentlib-ignored",
  "contentlib-version",
  "etag",
  "location",
  "repr-digest",
  "retry-after",
  "tus-checksum-algorithm",
  "tus-extension",
  "tus-max-size",
  "tus-resumable",
  "tus-version",
  "upload-complete",
  "upload-draft-interop-version",
  "upload-expires",
  "upload-incomplete",
  "upload-length",
  "upload-limit",
  "upload-offset",
  "vapi-error",
  "vmware-api-session-id",
  "www-authenticate",
  "x-request-id",
];

const ORIGIN_UNITS_MAX = 512;

/**
 * Which pages of other origins may call this server. Never with credentials that a browser adds by itself: a page shows who it is
 * by `Authorization` or by the header of a login.
 */
export class CrossOrigins {
  readonly #origins: ReadonlySet<string>;
  readonly #mark: ReturnType<typeof cors>;

  /** Takes origins as browsers spell them, such as `https://ci.example`. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins.map((origin) => new URL(origin).origin));
    this.#mark = cors({
      // Only origins that are on the list come so far.
      origin: true,
      methods: METHODS,
      allowedHeaders: ALLOWED_HEADERS,
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: MAX_AGE_SECONDS,
      credentials: false,
      preflightContinue: true,
    });
  }

  /** Adds to the response what the page's browser wants to know; true for a request that asks for nothing else. */
  mark(request: IncomingMessage, response: ServerResponse): boolean {
    // Said to all, so that no cache hands to one origin what was meant for another.
    response.setHeader("Vary", "Origin");
    const origin = headerOf(request, "origin");
    if (origin === null || origin.length > ORIGIN_UNITS_MAX || !this.#origins.has(origin))
      return false;
    this.#mark(request, response, () => undefined);
    return (
      request.method === "OPTIONS" && headerOf(request, "access-control-request-method") !== null
    );
  }
}
