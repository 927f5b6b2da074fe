import type { IncomingMessage } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { DocsReader } from "./docs-page.ts";
import { DocsPage } from "./docs-page.ts";
import { faultReply } from "./fault-reply.ts";
import type { MetricsPage } from "./metrics-page.ts";
import { METRICS_PATH } from "./metrics-page.ts";
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
  /** Where the page that shows the documents comes from. */
  readonly readDocsFile: DocsReader;
}

/** The methods that pages are read with. */
export const READS: readonly string[] = ["GET", "HEAD"];

const health = (isWell: boolean): Reply => ({
  status: isWell ? 200 : 503,
  json: JSON.stringify({ status: isWell ? "ok" : "unavailable" }),
  headers: { "Cache-Control": "no-store" },
});

/** Kept, and asked for again each time: a new version of the server may have another. */
const description = (json: string): Reply => ({
  status: 200,
  json,
  headers: { "Cache-Control": "no-cache" },
});

const PAGES: Readonly<Record<string, (content: PageContent) => Reply>> = {
  /** The process answers. */
  "/healthz": () => health(true),
  /** The server takes calls: false while it starts and while it drains. */
  "/readyz": ({ isReady }) => health(isReady()),
  "/openapi/rest.json": ({ documents }) => description(documents.rest),
  "/openapi/api.json": ({ documents }) => description(documents.api),
};

/** The reply where nothing is at that path. */
export const notThere = (method: string, path: string): Reply =>
  faultReply("api", [faultOf("request.no_such_operation", `${method} ${path}`)]);

/** The reply to a method with which a page can not be read. */
export const readsOnly = (method: string, path: string): Reply => ({
  ...notThere(method, path),
  status: 405,
  headers: { Allow: READS.join(", ") },
});

/** The pages outside the wires, which need no login; only the figures do. */
export class Pages {
  readonly #content: PageContent;
  readonly #docs: DocsPage;
  readonly #metrics: MetricsPage | null;

  constructor(content: PageContent, metrics: MetricsPage | null) {
    this.#content = content;
    this.#metrics = metrics;
    this.#docs = new DocsPage(content.readDocsFile);
  }

  /** The reply to a request for any path that no wire has. Rejects where a file of the page can not be read. */
  async answer(request: IncomingMessage, path: string, requestId: string): Promise<Reply> {
    const method = request.method ?? "";
    if (path === METRICS_PATH && this.#metrics !== null)
      return READS.includes(method)
        ? await this.#metrics.answer(request, requestId)
        : readsOnly(method, path);
    const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
    const isDocs = DocsPage.owns(path);
    if (page === undefined && !isDocs) return notThere(method, path);
    if (!READS.includes(method)) return readsOnly(method, path);
    return page?.(this.#content) ?? (await this.#docs.answer(request, path));
  }
}
