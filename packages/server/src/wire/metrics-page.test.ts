import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { parseExposition } from "@contentlib/testkit/client/parse-exposition";
import { basic, RIG_PASSWORD, WireRig } from "@contentlib/testkit/rigs/wire-rig";
import { ServerMetrics } from "../adapters/metrics/server-metrics.ts";

const TOKEN = "a".repeat(64);
const CHALLENGE = 'Basic realm="contentlib"';

let rig: WireRig;
before(async () => {
  rig = await WireRig.open({ metrics: new ServerMetrics("1.2.3") });
  await rig.grantToken(TOKEN);
});
after(async () => await rig.close());

const messagesOf = (json: unknown): string =>
  (json as { messages: { default_message: string }[] }).messages
    .map(({ default_message }) => default_message)
    .join("\n");

describe("GET /metrics", () => {
  test("shows the figures to who proves himself with the request, by password or token", async () => {
    for (const headers of [
      basic("administrator", RIG_PASSWORD),
      basic("administrator", TOKEN),
      { authorization: `Bearer ${TOKEN}` },
    ]) {
      const told = await rig.ask("GET", "/metrics", { headers });
      assert.equal(told.status, 200, told.text);
      assert.equal(told.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
      assert.equal(told.headers["cache-control"], "no-store");
      assert.equal(told.headers["set-cookie"], undefined);
      assert.ok(parseExposition(told.text).has("contentlib_build_info"));
    }
  });

  test("a login that is there does as well", async () => {
    const told = await rig.call("GET", "/metrics");
    assert.equal(told.status, 200, told.text);
    const cookie = `vmware-api-session-id=${await rig.loginId()}`;
    assert.equal((await rig.ask("GET", "/metrics", { headers: { cookie } })).status, 200);
  });

  test("HEAD has the head and no body", async () => {
    const told = await rig.ask("HEAD", "/metrics", {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    assert.equal(told.status, 200);
    assert.equal(told.text, "");
    assert.ok(Number(told.headers["content-length"]) > 1000);
  });

  for (const [what, headers] of Object.entries({
    nothing: {},
    "a login that is none": { "vmware-api-session-id": "0".repeat(32) },
    "a wrong password": basic("administrator", "wrong"),
    "a token that is none": { authorization: `Bearer ${"b".repeat(64)}` },
    "a scheme that is none": { authorization: "Digest x" },
    "a bad authorization beside a good login": { authorization: "Digest x", login: "good" },
  }))
    test(`${what} is refused with the challenge, as an error of ours`, async () => {
      const { login, ...sent }: Record<string, string> = headers;
      const good = login === "good" ? { "vmware-api-session-id": await rig.loginId() } : {};
      const told = await rig.ask("GET", "/metrics", { headers: { ...sent, ...good } });
      assert.equal(told.status, 401, told.text);
      assert.equal(told.headers["www-authenticate"], CHALLENGE);
      assert.equal((told.json as { error_type: string }).error_type, "UNAUTHENTICATED");
      assert.doesNotMatch(told.text, /contentlib_/);
    });

  test("other methods are not taken, whoever asks", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const told = await rig.ask(method, "/metrics", {
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      assert.equal(told.status, 405, method);
      assert.equal(told.headers["allow"], "GET, HEAD");
    }
  });

  test("other paths are not the page's", async () => {
    for (const path of ["/metrics/", "/metrics/x", "/METRICS", "/api/metrics"])
      assert.equal((await rig.ask("GET", path)).status, 404, path);
    assert.equal((await rig.ask("GET", "/metrics?name[]=x")).status, 401);
  });
});

test("guesses are slowed down by the same limit as those of logins", async () => {
  const own = await WireRig.open({ metrics: new ServerMetrics("1.2.3") });
  try {
    const guess = async (path: string, method: string): Promise<number> =>
      (await own.ask(method, path, { headers: basic("administrator", "wrong") })).status;
    const statuses: number[] = [];
    for (let guesses = 0; guesses < 30; guesses += 1) statuses.push(await guess("/metrics", "GET"));
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 503);
    assert.equal(await guess("/api/session", "POST"), 503);
    const right = { headers: basic("administrator", RIG_PASSWORD) };
    const busy = await own.ask("GET", "/metrics", right);
    assert.equal(busy.status, 503);
    assert.ok(Number(busy.headers["retry-after"]) > 0);
  } finally {
    await own.close();
  }
});

test("figures that can not be made are an internal error, and say nothing of why", async () => {
  const own = await WireRig.open({
    metrics: {
      contentType: "text/plain",
      render: async () => await Promise.reject(new Error("secret reason")),
    },
  });
  try {
    const told = await own.call("GET", "/metrics");
    assert.equal(told.status, 500);
    assert.doesNotMatch(told.text, /secret reason/);
    assert.match(messagesOf(told.json), /request-\d+/);
    assert.ok(own.logLines.some((line) => line.includes("secret reason")));
  } finally {
    await own.close();
  }
});

test("a server without figures has no such page", async () => {
  const own = await WireRig.open();
  try {
    assert.equal((await own.call("GET", "/metrics")).status, 404);
  } finally {
    await own.close();
  }
});
