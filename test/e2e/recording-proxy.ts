import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
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

/** Starts one on a free port; test hooks stop it. */
export async function startRecordingProxy(
  t: TestContext,
  targetUrl: string,
): Promise<RecordingProxy> {
  const seen: SeenRequest[] = [];
  const target = new URL(targetUrl);
  const proxy = createServer((incoming, outgoing) => {
    const { method = "", url: path = "", headers } = incoming;
    seen.push({ method, address: path, headers });
    const passed = request(
      { hostname: target.hostname, port: target.port, method, path, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen };
}
