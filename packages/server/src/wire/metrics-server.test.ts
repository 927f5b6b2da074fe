import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { parseExposition } from "@contentlib/testkit/client/parse-exposition";
import { RawConnection } from "@contentlib/testkit/rigs/raw-connection";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import { ServerMetrics } from "../adapters/metrics/server-metrics.ts";
import { HEAD_TIMEOUT_MS } from "./connection.ts";
import type { MetricsServer } from "./metrics-server.ts";
import { createMetricsServer } from "./metrics-server.ts";

const clock = new ManualClock();
const failures: unknown[] = [];
let isBroken = false;
let shown: MetricsServer;
let url: string;

const portOf = ({ server }: MetricsServer): number => (server.address() as AddressInfo).port;

before(async () => {
  const metrics = new ServerMetrics("1.2.3");
  shown = createMetricsServer({
    exposition: {
      contentType: metrics.contentType,
      render: async () => {
        if (isBroken) throw new Error("secret reason");
        return await metrics.render();
      },
    },
    clock,
    journal: { requestFailed: ({ error }) => void failures.push(error) },
    requestId: () => "request-1",
  });
  await new Promise<void>((resolve) => shown.server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${portOf(shown)}`;
});
after(async () => await shown.close());

test("the figures are shown without a login", async () => {
  const answer = await fetch(`${url}/metrics`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(answer.headers.get("x-request-id"), "request-1");
  assert.ok(parseExposition(await answer.text()).has("contentlib_build_info"));
  const head = await fetch(`${url}/metrics`, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
});

test("there is nothing else: no other path, no other method", async () => {
  for (const path of ["/", "/api/session", "/healthz", "/metrics/", "/cls/data/x/y"])
    assert.equal((await fetch(`${url}${path}`)).status, 404, path);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const body = method === "OPTIONS" ? null : "x".repeat(100_000);
    const answer = await fetch(`${url}/metrics`, { method, body });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get("allow"), "GET, HEAD");
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  }
});

test("what can not be made is an internal error and told in the log alone", async () => {
  isBroken = true;
  const answer = await fetch(`${url}/metrics`);
  isBroken = false;
  assert.equal(answer.status, 500);
  assert.doesNotMatch(await answer.text(), /secret reason/);
  assert.equal(failures.length, 1);
});

test("a head that does not come is not waited for", async () => {
  const slow = new RawConnection(portOf(shown), null);
  await slow.send("GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ");
  await fetch(`${url}/metrics`).then((answer) => answer.text());
  await clock.advance(1_000);
  await clock.advance(HEAD_TIMEOUT_MS);
  assert.match(await slow.closed(), /^HTTP\/1\.1 408 /);
});

test("a head that is none is refused", async () => {
  const odd = new RawConnection(portOf(shown), null);
  await odd.send("NOT HTTP\r\n\r\n");
  assert.match(await odd.closed(), /^HTTP\/1\.1 400 /);
});

test("beyond a number of connections clients are told so, and there are places again when others leave", async () => {
  const crowd = Array.from({ length: 64 }, () => new RawConnection(portOf(shown), null));
  await Promise.all(crowd.map((one) => one.send("GET /metrics HTTP/1.1\r\n")));
  const ask = async (): Promise<string> => {
    const connection = new RawConnection(portOf(shown), null);
    await connection.send("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return await connection.closed();
  };
  const refused = await ask();
  assert.match(refused, /^HTTP\/1\.1 503 /);
  assert.match(refused, /\r\nRetry-After: 5\r\n/);
  for (const one of crowd) one.destroy();
  for (let tries = 0; !(await ask()).startsWith("HTTP/1.1 200 "); tries += 1)
    assert.ok(tries < 100);
});
