import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly address: string;
  readonly headers: IncomingHttpHeaders;
}

/** Stands in front of a server, passes everything on, and remembers what came. */
export interface RecordingProxy {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/**
 * Starts one on a free port; test hooks stop it. A server that writes its own address into JSON answers, whatever it is called by,
 * is given as `advertised`: clients are then told the proxy's instead.
 */
export async function startRecordingProxy(
  t: TestContext,
  targetUrl: string,
  advertised?: string,
): Promise<RecordingProxy> {
  const seen: SeenRequest[] = [];
  const target = new URL(targetUrl);
  const proxy = createServer((incoming, outgoing) => {
    const { method = "", url: path = "", headers } = incoming;
    seen.push({ method, address: path, headers });
    const passed = request(
      { hostname: target.hostname, port: target.port, method, path, headers },
      (answer) => {
        const isTold = answer.headers["content-type"]?.startsWith("application/json") === true;
        if (advertised === undefined || !isTold) {
          outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.pipe(outgoing);
          return;
        }
        const { "content-length": _, ...others } = answer.headers;
        text(answer).then(
          (told) => {
            outgoing.writeHead(answer.statusCode ?? 0, others);
            outgoing.end(told.replaceAll(advertised, url));
          },
          () => outgoing.destroy(),
        );
      },
    );
    passed.on("error", () => outgoing.destroy());
    // A client that is gone is gone for the server, too.
    incoming.on("close", () => {
      if (!incoming.complete) passed.destroy();
    });
    incoming.pipe(passed);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { url, seen };
}
