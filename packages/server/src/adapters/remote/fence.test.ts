import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { LOOPBACK_FENCE, startRemoteServer, wholeOf } from "@contentlib/testkit/rigs/remote-rig";
import type { FenceRule, NetworkFence } from "../../domain/network-fence.ts";
import { ManualClock } from "../clock/manual-clock.ts";
import { SystemClock } from "../clock/system-clock.ts";
import type { HostResolver } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { CONNECT_LIMIT_MS, HttpRemoteSource } from "./http-source.ts";
import type { HttpSourceOptions } from "./http-source.ts";
import { machineAddresses, SystemResolver } from "./system-resolver.ts";

const CLOSED: NetworkFence = { deny: [], allow: [] };

const source = (options: Partial<HttpSourceOptions> = {}): HttpRemoteSource =>
  new HttpRemoteSource({
    clock: new SystemClock(),
    fence: CLOSED,
    proxy: null,
    ownAddresses: () => [],
    ...options,
  });

/** A name server that says what the test wants, each time the next. */
const saying = (...answers: readonly (readonly string[])[]) => {
  const asked: string[] = [];
  const resolver: HostResolver = {
    resolve: async (host) => {
      asked.push(host);
      return answers[Math.min(asked.length, answers.length) - 1] ?? [];
    },
  };
  return { asked, resolver };
};

const fetchFrom = async (remote: HttpRemoteSource, url: string): Promise<string> => {
  const file = await remote.open({ url, trusted: [], signal: new AbortController().signal });
  return (await wholeOf(file.body)).toString();
};

const isFenced = (words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RemoteError, String(error));
  assert.equal(error.reason, "fenced", error.message);
  assert.equal(error.kind, "denied");
  assert.match(error.message, words);
  assert.match(error.message, /CONTENTLIB_PULL_ALLOW and CONTENTLIB_PULL_DENY/);
  return true;
};

async function serving(t: TestContext, answer: RequestListener, host?: string) {
  const server = await startRemoteServer(answer, host === undefined ? {} : { host });
  t.after(async () => await server.close());
  return server;
}

const plain: RequestListener = (_request, response) => void response.end("inside");

test("no spelling of a loopback address is connected to", async (t) => {
  const { port, connections } = await serving(t, plain);
  for (const host of [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "%31%32%37.0.0.1",
    "①②⑦.0.0.1",
    "127.0.0.1.",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[::127.0.0.1]",
  ]) {
    const url = `http://${host}:${port}/`;
    await assert.rejects(
      source().probe({ url, trusted: [], signal: AbortSignal.timeout(5000) }),
      isFenced(/loopback/),
    );
  }
  for (const [host, words] of [
    ["0.0.0.0", /an address that is none/],
    ["0", /an address that is none/],
    ["169.254.169.254", /metadata service/],
    ["0xa9fea9fe", /metadata service/],
    ["[fe80::1]", /link-local/],
    ["224.0.0.1", /multicast/],
    ["255.255.255.255", /broadcast/],
  ] as const)
    await assert.rejects(fetchFrom(source(), `http://${host}:${port}/`), isFenced(words));
  assert.equal(connections(), 0);
});

test("a name that leads inside is refused, and nothing is connected to, whatever else it leads to", async (t) => {
  const { port, connections } = await serving(t, plain);
  for (const addresses of [
    ["127.0.0.1"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["192.0.2.1", "127.0.0.1"],
    ["10.0.0.7"],
    ["fe80::1%eth0"],
  ]) {
    const { resolver } = saying(addresses);
    const remote = source({ resolver, ownAddresses: () => ["10.0.0.7"] });
    await assert.rejects(fetchFrom(remote, `http://files.example:${port}/`), (error: Error) => {
      for (const address of addresses) assert.ok(!error.message.includes(address), error.message);
      return isFenced(/^http:\/\/files\.example:\d+ leads to /)(error);
    });
  }
  assert.equal(connections(), 0);
});

test("a name is asked for once, and what was judged is what is connected to", async (t) => {
  const { port } = await serving(t, (request, response) => void response.end(request.headers.host));
  // The second answer is the trap: a name that says something else once it was judged.
  const { resolver, asked } = saying(["127.0.0.1"], ["127.0.0.2"]);
  const remote = source({ resolver, fence: LOOPBACK_FENCE });
  assert.equal(await fetchFrom(remote, `http://files.example:${port}/`), `files.example:${port}`);
  assert.deepEqual(asked, ["files.example"]);
});

test("each redirect is judged anew", async (t) => {
  const inside = await serving(t, plain, "127.0.0.2");
  const only: FenceRule = { kind: "network", address: "127.0.0.1", bits: 32, ports: null };
  for (const target of [
    inside.origin,
    `http://files.example:${inside.port}/`,
    `//127.2:${inside.port}/`,
    `http://[::ffff:127.0.0.2]:${inside.port}/`,
  ]) {
    const { origin } = await serving(t, (_request, response) => {
      response.writeHead(302, { Location: target }).end();
    });
    const { resolver } = saying(["127.0.0.2"]);
    const remote = source({ resolver, fence: { deny: [], allow: [only] } });
    await assert.rejects(fetchFrom(remote, origin), isFenced(/loopback/));
  }
  assert.equal(inside.connections(), 0);
});

test("what is denied is refused by name and by address, with what is allowed on its side", async (t) => {
  const { port, connections } = await serving(t, plain);
  const allow = LOOPBACK_FENCE.allow;
  const rules: readonly FenceRule[] = [
    { kind: "host", pattern: "*.example", ports: null },
    { kind: "network", address: "127.0.0.1", bits: 32, ports: { from: port, to: port } },
  ];
  for (const rule of rules) {
    const { resolver, asked } = saying(["127.0.0.1"]);
    const remote = source({ resolver, fence: { allow, deny: [rule] } });
    await assert.rejects(fetchFrom(remote, `http://files.example:${port}/`), isFenced(/closed/));
    // A name that is closed is not even looked for.
    assert.equal(asked.length, rule.kind === "host" ? 0 : 1);
  }
  assert.equal(connections(), 0);
});

test("addresses of this machine are refused, and the resolver knows names that nobody has", async (t) => {
  const { port, connections } = await serving(t, plain);
  const { resolver } = saying(machineAddresses().filter((address) => address !== "::1"));
  assert.ok(machineAddresses().includes("127.0.0.1"));
  const remote = new HttpRemoteSource({
    clock: new SystemClock(),
    fence: CLOSED,
    proxy: null,
    resolver,
  });
  await assert.rejects(fetchFrom(remote, `http://me.example:${port}/`), isFenced(/loopback|own/));
  await assert.rejects(
    fetchFrom(source({ ownAddresses: () => ["192.0.2.9"] }), "http://192.0.2.9/"),
    isFenced(/an address of its own/),
  );
  assert.equal(connections(), 0);
  assert.ok((await new SystemResolver().resolve("localhost")).length > 0);
  await assert.rejects(new SystemResolver().resolve("nobody.invalid"), (error: unknown) => {
    assert.ok(error instanceof RemoteError);
    assert.equal(error.reason, "no-host");
    assert.equal(error.retry, /does not answer/.test(error.message) ? "safe" : "never");
    assert.match(error.message, /nobody\.invalid/);
    return true;
  });
});

test("an address that the system delivers to itself is own, whatever the list of interfaces says", async (t) => {
  const host = machineAddresses().find((one) => /^[\d.]+$/.test(one) && !one.startsWith("127."));
  if (host === undefined) {
    t.skip("this machine has no other address than loopback");
    return;
  }
  const { origin } = await serving(t, plain, host);
  await assert.rejects(fetchFrom(source(), origin), isFenced(/an address of its own/));
  const allow: FenceRule = { kind: "network", address: host, bits: 32, ports: null };
  const open = source({ fence: { deny: [], allow: [allow] } });
  assert.equal(await fetchFrom(open, origin), "inside");
});

test("the next address is tried where one does not answer, and an own time limits each", async (t) => {
  const { port } = await serving(t, plain, "127.0.0.2");
  const { resolver } = saying(["127.0.0.3", "127.0.0.2"]);
  const remote = source({ resolver, fence: LOOPBACK_FENCE });
  assert.equal(await fetchFrom(remote, `http://files.example:${port}/`), "inside");
  const nobody = saying(["127.0.0.3", "127.0.0.4"]);
  await assert.rejects(
    fetchFrom(
      source({ resolver: nobody.resolver, fence: LOOPBACK_FENCE }),
      `http://files.example:${port}/`,
    ),
    /No connection to http:\/\/files\.example:\d+: nobody listens there/,
  );
});

test("a name server that does not answer is given up", async () => {
  const clock = new ManualClock();
  const resolver: HostResolver = { resolve: () => new Promise(() => undefined) };
  const fetching = fetchFrom(source({ clock, resolver }), "http://files.example/");
  const refused = assert.rejects(fetching, /No connection to http:\/\/files\.example within 10 s/);
  await clock.advance(CONNECT_LIMIT_MS);
  await refused;
});

test("the proxies of the environment are not looked at", async (t) => {
  const proxy = await serving(t, plain);
  const { port } = await serving(t, (_request, response) => void response.end("direct"));
  const names = ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "NODE_USE_ENV_PROXY"] as const;
  const before = names.map((name) => process.env[name]);
  names.forEach((name) => (process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : proxy.origin));
  t.after(() =>
    names.forEach((name, index) => {
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }),
  );
  const remote = source({ fence: LOOPBACK_FENCE });
  assert.equal(await fetchFrom(remote, `http://127.0.0.1:${port}/`), "direct");
  assert.equal(proxy.connections(), 0);
});
