import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { LOOPBACK_FENCE, startRemoteServer, wholeOf } from "@contentlib/testkit/rigs/remote-rig";
import { SystemClock } from "../clock/system-clock.ts";
import type { NetworkFence } from "../../domain/network-fence.ts";
import { RemoteError } from "../../ports/index.ts";
import { HttpRemoteSource } from "./http-source.ts";

const LOGIN = { userName: "ada", password: "sesame" };
const BASIC = `Basic ${Buffer.from("ada:sesame").toString("base64")}`;

/** A proxy that sends everything to one port of this machine, and remembers what it was asked for. */
async function startProxy(t: TestContext, port: number, tunnel: "opens" | "refuses" | "hangs up") {
  const asked: (readonly [what: string | undefined, login: string | undefined])[] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers["proxy-authorization"]]);
    response.end(`proxied for ${request.headers.host}`);
  });
  server.on("connect", (request, socket) => {
    asked.push([request.url, request.headers["proxy-authorization"]]);
    if (tunnel === "hangs up") socket.destroy();
    else if (tunnel === "refuses") socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    else {
      const onward = connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    asked,
    proxy: { host: "127.0.0.1", port: (server.address() as AddressInfo).port, login: LOGIN },
  };
}

type Proxy = Awaited<ReturnType<typeof startProxy>>["proxy"];

const source = (proxy: Proxy, fence: NetworkFence = LOOPBACK_FENCE): HttpRemoteSource =>
  new HttpRemoteSource({
    clock: new SystemClock(),
    fence,
    proxy,
    // Names are the proxy's affair.
    resolver: { resolve: () => assert.fail("a name was looked for") },
    ownAddresses: () => [],
  });

const fetchFrom = async (
  remote: HttpRemoteSource,
  url: string,
  trusted: readonly string[] = [],
) => {
  const file = await remote.open({ url, trusted, signal: new AbortController().signal });
  return (await wholeOf(file.body)).toString();
};

test("without TLS the proxy is asked for the whole address, and gets its login", async (t) => {
  const { asked, proxy } = await startProxy(t, 1, "opens");
  const url = "http://files.example:8080/a?b=c";
  assert.equal(await fetchFrom(source(proxy), url), "proxied for files.example:8080");
  assert.deepEqual(asked, [[url, BASIC]]);
});

test("TLS goes through it, from end to end", async (t) => {
  const identity = aTlsIdentity({ names: ["files.example"] });
  const heard: (string | undefined)[] = [];
  const answer = await startRemoteServer(
    (request, response) => {
      heard.push(request.headers["proxy-authorization"]);
      response.end("inside");
    },
    { identity },
  );
  t.after(async () => await answer.close());
  const { asked, proxy } = await startProxy(t, answer.port, "opens");
  assert.equal(
    await fetchFrom(source(proxy), "https://files.example/a", [identity.certPem]),
    "inside",
  );
  assert.deepEqual(asked, [["files.example:443", BASIC]]);
  assert.deepEqual(heard, [undefined]);
  await assert.rejects(
    fetchFrom(source(proxy), "https://other.example/a", [identity.certPem]),
    /other names/,
  );
});

test("what it refuses is said to be its doing, without its login", async (t) => {
  for (const [how, words] of [
    ["refuses", /does not connect to files\.example:443 \(403\)/],
    ["hangs up", /does not answer as one/],
  ] as const) {
    const { proxy } = await startProxy(t, 1, how);
    await assert.rejects(fetchFrom(source(proxy), "https://files.example/"), (error: unknown) => {
      assert.ok(error instanceof RemoteError);
      assert.equal(error.reason, "connection");
      assert.match(error.message, words);
      assert.doesNotMatch(error.message, /sesame|127\.0\.0\.1/);
      return true;
    });
  }
  const { port } = await startRemoteServer(() => undefined).then(async (server) => {
    await server.close();
    return server;
  });
  await assert.rejects(
    fetchFrom(source({ host: "127.0.0.1", port, login: LOGIN }), "http://files.example/"),
    /The proxy through which this server fetches can not be reached \(ECONNREFUSED\)/,
  );
});

test("literals and names are still judged, for what the proxy may not be asked", async (t) => {
  const { asked, proxy } = await startProxy(t, 1, "opens");
  const deny = [{ kind: "host", pattern: "*.bad.example", ports: null }] as const;
  const remote = source(proxy, { deny, allow: [] });
  for (const url of [
    "http://127.0.0.1/",
    "https://[::1]/",
    "http://169.254.169.254/",
    "http://x.bad.example/",
  ])
    await assert.rejects(fetchFrom(remote, url), { reason: "fenced" });
  assert.deepEqual(asked, []);
});
