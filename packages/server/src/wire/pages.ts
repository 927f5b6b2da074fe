import { faultOf } from "@contentlib/contract/vocabulary";
import { faultReply } from "./fault-reply.ts";
import type { Reply } from "./reply.ts";

/** The generated descriptions of both wires, as JSON text. */
export interface Documents {
  readonly rest: string;
  readonly api: string;
}

/** What the pages show. */
export interface PageContent {
  readonly documents: Documents;
  readonly isReady: () => boolean;
}

const READS: readonly string[] = ["GET", "HEAD"];

const health = (isWell: boolean): Reply => ({
  status: isWell ? 200 : 503,
  json: JSON.stringify({ status: isWell ? "ok" : "unavailable" }),
  headers: { "Cache-Control": "no-store" },
});

const PAGES: Readonly<Record<string, (content: PageContent) => Reply>> = {
  /** The process answers. */
  "/healthz": () => health(true),
  /** The server takes calls: false while it starts and while it drains. */
  "/readyz": ({ isReady }) => health(isReady()),
  "/openapi/rest.json": ({ documents }) => ({ status: 200, json: documents.rest }),
  "/openapi/api.json": ({ documents }) => ({ status: 200, json: documents.api }),
};

/** The page of a path outside the wires; null where there is none. Pages need no login. */
export const findPage = (method: string, path: string, content: PageContent): Reply | null => {
  const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
  if (page === undefined) return null;
  if (READS.includes(method)) return page(content);
  const fault = faultOf("request.no_such_operation", `${method} ${path}`);
  return faultReply("api", [fault], { status: 405, headers: { Allow: READS.join(", ") } });
};
