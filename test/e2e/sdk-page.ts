import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import type { TestContext } from "node:test";
import { root } from "./live-server.ts";

const PAGE = `<!doctype html><title>push</title><script type="importmap">
{"imports": {
  "@contentlib/client": "/packages/client/src/index.ts",
  "@contentlib/contract/bindings": "/packages/contract/src/bindings/index.ts",
  "@contentlib/contract/vocabulary": "/packages/contract/src/vocabulary/index.ts"
}}
</script>`;

/** Serves an empty page that can import the client as its sources are, without their types; test hooks stop it. */
export async function startPageServer(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const path = normalize(request.url ?? "/");
      if (!path.startsWith("/packages/")) {
        response.setHeader("Content-Type", "text/html");
        return void response.end(PAGE);
      }
      const source = await readFile(join(root, path), "utf8");
      response.setHeader("Content-Type", "text/javascript");
      response.end(stripTypeScriptTypes(source));
    };
    answer().catch(() => response.writeHead(404).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
