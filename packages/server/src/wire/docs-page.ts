import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { conditionOf } from "./conditions.ts";
import type { Reply } from "./reply.ts";
import { headerOf } from "./request-head.ts";

const HTML = "text/html; charset=utf-8";
const CSS = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** The files of the page, each with the address and the type under which it is served. */
const FILES = {
  "index.html": { path: "/docs", type: HTML },
  "docs.css": { path: "/docs/docs.css", type: CSS },
  "docs.js": { path: "/docs/docs.js", type: SCRIPT },
  "swagger-ui.css": { path: "/docs/swagger-ui.css", type: CSS },
  "swagger-ui-bundle.js": { path: "/docs/swagger-ui-bundle.js", type: SCRIPT },
} as const;

/** A file of the page. */
export type DocsFileName = keyof typeof FILES;

/** Reads a file of the page; null where it is not installed. */
export type DocsReader = (name: DocsFileName) => Promise<Uint8Array | null>;

const NAMES = Object.keys(FILES) as readonly DocsFileName[];

/** Everything comes from this server and nothing from anywhere else, no script stands in the page, and nobody frames it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SAFETY = {
  "Content-Security-Policy": POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

const MISSING =
  "The files of this page are not installed with this server. The descriptions it would show are at " +
  "/openapi/api.json and /openapi/rest.json.\n";

interface Spelling {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

interface LoadedFile {
  readonly plain: Spelling;
  readonly zipped: Spelling;
}

type LoadedFiles = ReadonlyMap<string, LoadedFile & { readonly type: string }>;

const squeeze = promisify(gzip);

const spellingOf = (bytes: Uint8Array): Spelling => ({
  bytes,
  etag: `"sha256-${createHash("sha256").update(bytes).digest("hex")}"`,
});

/** Whether the client takes gzip; one that weighs it with nothing does not. */
const takesGzip = (request: IncomingMessage): boolean =>
  (headerOf(request, "accept-encoding") ?? "").split(",").some((part) => {
    const [coding = "", weight = ""] = part.split(";").map((text) => text.trim().toLowerCase());
    return coding === "gzip" && !/^q=0(?:\.0*)?$/.test(weight);
  });

const missing = (): Reply => ({
  status: 404,
  content: { type: "text/plain; charset=utf-8", bytes: Buffer.from(MISSING) },
  headers: { ...SAFETY, "Cache-Control": "no-store" },
});

const replyOf = (request: IncomingMessage, file: LoadedFile, type: string): Reply => {
  const isZipped = takesGzip(request);
  const { bytes, etag } = isZipped ? file.zipped : file.plain;
  const headers = {
    ...SAFETY,
    // Kept, and asked for again each time: a new version of the server may bring another page.
    "Cache-Control": "no-cache",
    ETag: etag,
    Vary: "Accept-Encoding",
  };
  if (conditionOf(request, etag) === "not-modified") return { status: 304, headers };
  return {
    status: 200,
    content: { type, bytes },
    headers: isZipped ? { ...headers, "Content-Encoding": "gzip" } : headers,
  };
};

/** The page that shows the descriptions of both wires. Its files are read when somebody first asks for it, and then kept. */
export class DocsPage {
  readonly #read: DocsReader;
  #files: Promise<LoadedFiles | null> | null = null;

  constructor(read: DocsReader) {
    this.#read = read;
  }

  /** Whether the address is one of the page's. */
  static owns(path: string): boolean {
    return path === "/docs/" || NAMES.some((name) => FILES[name].path === path);
  }

  /** The reply to a read of one of the page's addresses. Rejects where a file is there and can not be read. */
  async answer(request: IncomingMessage, path: string): Promise<Reply> {
    // The page names its files relative to itself, which a slash at the end would lead astray.
    if (path === "/docs/") return { status: 308, headers: { Location: "../docs" } };
    const file = (await this.#loaded())?.get(path);
    return file === undefined ? missing() : replyOf(request, file, file.type);
  }

  /** All files or none. What could not be had is asked for again the next time. */
  async #loaded(): Promise<LoadedFiles | null> {
    this.#files ??= this.#load();
    try {
      const files = await this.#files;
      if (files === null) this.#files = null;
      return files;
    } catch (error) {
      this.#files = null;
      throw error;
    }
  }

  async #load(): Promise<LoadedFiles | null> {
    const files = new Map<string, LoadedFile & { readonly type: string }>();
    for (const name of NAMES) {
      const bytes = await this.#read(name);
      if (bytes === null) return null;
      const { path, type } = FILES[name];
      const zipped = spellingOf(await squeeze(bytes));
      files.set(path, { type, plain: spellingOf(bytes), zipped });
    }
    return files;
  }
}
