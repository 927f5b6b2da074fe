import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer, request as requestOverHttp } from "node:http";
import type { Agent, AgentOptions, Server } from "node:http";
import { createServer, request as requestOverHttps } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { keyPrintOf } from "./certificate-pin.ts";
import type { WantedAgent } from "./upload-agents.ts";
import { sharedAgent, sharedAgents } from "./upload-agents.ts";

const identity = aTlsIdentity({});
const pin = keyPrintOf(new X509Certificate(identity.certPem));

/** A server that keeps idle connections for a minute and does not say so, and requests to it one after the other. */
async function rig(t: TestContext, isSecure: boolean) {
  const secrets = { cert: identity.certPem, key: identity.keyPem };
  const server: Server = isSecure ? createServer(secrets) : createHttpServer();
  server.keepAliveTimeout = 60_000;
  const sockets: Socket[] = [];
  server.on(isSecure ? "secureConnection" : "connection", (socket: Socket) => sockets.push(socket));
  server.on("request", (request, response) => {
    // As of servers that give no hint how long they keep a connection.
    response.setHeader("keep-alive", "max=1000");
    request.resume().on("end", () => response.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `${isSecure ? "https" : "http"}://127.0.0.1:${port}`;
  const ask = async (agent: Agent): Promise<void> => {
    const start = isSecure ? requestOverHttps : requestOverHttp;
    const request = start(url, { method: "PUT", agent });
    request.end("hello");
    const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
    response.resume();
    await once(request, "close");
  };
  /** Built anew, as each caller does. */
  const wanted = (): WantedAgent => ({ isSecure, pinned: isSecure ? { url, pin } : undefined });
  return { url, sockets, ask, wanted };
}

for (const isSecure of [false, true])
  test(`small files share a connection, and one that is idle is not used for long: TLS ${isSecure}`, async (t) => {
    const { sockets, ask, wanted } = await rig(t, isSecure);
    const agents = sharedAgents(30);
    for (let count = 0; count < 20; count += 1) await ask(agents(wanted()));
    assert.ok(sockets.length < 20, `${sockets.length} connections`);
    const open = sockets.filter(({ destroyed }) => !destroyed);
    await Promise.all(open.map(async (socket) => await once(socket, "close")));
  });

test("whoever writes the same pin down anew shares, and another pin or place does not", () => {
  const url = "https://library.example.org";
  const agent = (pinned: WantedAgent["pinned"]) => sharedAgent({ isSecure: true, pinned });
  assert.equal(agent({ url, pin }), agent({ url, pin }));
  assert.notEqual(agent({ url, pin }), agent({ url: `${url}:444`, pin }));
  assert.notEqual(agent({ url, pin }), agent({ url, pin: `sha256//${"A".repeat(43)}=` }));
  assert.notEqual(agent({ url, pin }), agent(undefined));
});

test("connections that all share are kept for five seconds, the newest first", () => {
  const pinned = { url: "https://library.example.org", pin };
  for (const wanted of [
    { isSecure: false, pinned: undefined },
    { isSecure: true, pinned: undefined },
    { isSecure: true, pinned },
  ]) {
    const agent = sharedAgent(wanted);
    // An agent of HTTP has them too; its type does not tell.
    assert.ok("options" in agent);
    const { keepAlive, scheduling, timeout } = agent.options as AgentOptions;
    assert.deepEqual([keepAlive, scheduling, timeout], [true, "lifo", 5_000]);
  }
});
