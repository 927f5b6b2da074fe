import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");

/** Where Debian's package `chromium` puts the browser. */
const CHROMIUM = "/usr/bin/chromium";

/** Path of the browser; null where there is none. */
export const chromiumPath: string | null = existsSync(CHROMIUM) ? CHROMIUM : null;

/** Nothing but the page shall use the network: the browser's own requests would be taken for those of the page. */
export const CHROMIUM_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
];

const PAGE = `<!doctype html><title>client</title><input type="file"><script type="importmap">
{"imports": {
  "@contentlib/client": "/packages/client/src/index.ts",
  "@contentlib/contract/bindings": "/packages/contract/src/bindings/index.ts",
  "@contentlib/contract/vocabulary": "/packages/contract/src/vocabulary/index.ts"
}}
</script>`;

/** A page that can import the client by its name, with nothing on it but an input for a file. */
export interface ClientPage extends AsyncDisposable {
  /** Where the page is: scheme, host and port. */
  readonly origin: string;
}

/** Serves such a page and the client's sources, without their types. */
export async function serveClientPage(): Promise<ClientPage> {
  const server = createServer((request, response) => {
    const path = normalize(request.url ?? "/");
    if (!path.startsWith("/packages/")) {
      response.setHeader("Content-Type", "text/html");
      return void response.end(PAGE);
    }
    readFile(join(ROOT, path), "utf8").then(
      (source) => {
        response.setHeader("Content-Type", "text/javascript");
        response.end(stripTypeScriptTypes(source));
      },
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
