import type { IncomingMessage } from "node:http";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { DocsReader } from "./docs-page.ts";
import { DocsPage } from "./docs-page.ts";
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
  /** Where the page that shows the documents comes from. */
  readonly readDocsFile: DocsReader;
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

const notThere = (method: string, path: string): Reply =>
  faultReply("api", [faultOf("request.no_such_operation", `${method} ${path}`)]);

const readsOnly = (method: string, path: string): Reply => ({
  ...notThere(method, path),
  status: 405,
  headers: { Allow: READS.join(", ") },
});

/** The pages outside the wires, which need no login. */
export class Pages {
  readonly #content: PageContent;
  readonly #docs: DocsPage;

  constructor(content: PageContent) {
    this.#content = content;
    this.#docs = new DocsPage(content.readDocsFile);
  }

  /** The reply to a request for any path that no wire has. Rejects where a file of the page can not be read. */
  async answer(request: IncomingMessage, path: string): Promise<Reply> {
    const method = request.method ?? "";
    const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
    const isDocs = DocsPage.owns(path);
    if (page === undefined && !isDocs) return notThere(method, path);
    if (!READS.includes(method)) return readsOnly(method, path);
    return page?.(this.#content) ?? (await this.#docs.answer(request, path));
  }
}
