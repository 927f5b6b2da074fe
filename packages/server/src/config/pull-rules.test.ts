import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeAddress, judgeHost } from "../domain/network-fence.ts";
import { readConfig } from "./config.ts";
import { parsePullProxy, parsePullRule } from "./pull-rules.ts";

const PLACE = { cloneRoot: null, homeDirectory: "/home/ada", workingDirectory: "/srv" };

test("an entry is a network, a name or a pattern, with or without ports", () => {
  const network = (address: string, bits: number, ports: object | null = null) => ({
    kind: "network",
    address,
    bits,
    ports,
  });
  const host = (pattern: string, ports: object | null = null) => ({ kind: "host", pattern, ports });
  const cases: readonly (readonly [string, object])[] = [
    ["10.0.0.0/8", network("10.0.0.0", 8)],
    ["0.0.0.0/0", network("0.0.0.0", 0)],
    ["127.0.0.1", network("127.0.0.1", 32)],
    ["127.0.0.1:8080", network("127.0.0.1", 32, { from: 8080, to: 8080 })],
    ["10.0.0.0/8:1-1023", network("10.0.0.0", 8, { from: 1, to: 1023 })],
    ["::1", network("::1", 128)],
    ["fd00::/8", network("fd00::", 8)],
    ["[fd00::]/8:443", network("fd00::", 8, { from: 443, to: 443 })],
    ["::ffff:10.0.0.0/104", network("::ffff:10.0.0.0", 104)],
    ["::ffff:0:0/96", network("::ffff:0:0", 96)],
    ["::/0", network("::", 0)],
    ["[::1]:65535", network("::1", 128, { from: 65_535, to: 65_535 })],
    ["Mirror.Example.com", host("mirror.example.com")],
    ["*.example.com:8443", host("*.example.com", { from: 8443, to: 8443 })],
    ["*:25", host("*", { from: 25, to: 25 })],
    ["*", host("*")],
    ["localhost", host("localhost")],
  ];
  for (const [text, rule] of cases) assert.deepEqual(parsePullRule(text), rule, text);
});

test("anything else is none", () => {
  for (const text of [
    "",
    ":25",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "fd00::/129",
    "[fd00::/8]",
    "fe80::1%eth0",
    "::ffff:0:0/90",
    "::ffff:10.0.0.0/95",
    "[0:0:0:0:0:FFFF:0a00:0]/0:443",
    "10.0.0.1:0",
    "10.0.0.1:65536",
    "10.0.0.1:9-8",
    "10.0.0.1:",
    "127.1",
    "0x7f.1",
    "a.*.example",
    "*example.com",
    "http://example.com",
    "user@example.com",
    "a b",
    `${"a".repeat(63)}.`.repeat(4) + "com",
  ])
    assert.equal(parsePullRule(text), null, text);
});

test("what the settings say is what the fence goes by", () => {
  const outcome = readConfig(
    { CONTENTLIB_PULL_ALLOW: "127.0.0.1:8080, localhost", CONTENTLIB_PULL_DENY: "10.0.0.0/8,*:25" },
    ["--pull-deny", "*.example.com"],
    PLACE,
  );
  assert.ok(outcome.kind === "config");
  const { pullAllow: allow, pullDeny } = outcome.config;
  assert.deepEqual(pullDeny, [{ kind: "host", pattern: "*.example.com", ports: null }]);
  const fence = { allow, deny: [parsePullRule("10.0.0.0/8")].filter((rule) => rule !== null) };
  const judge = (host: string, address: string, port: number) =>
    judgeAddress(fence, { host, port }, { address, ownAddresses: [] });
  assert.equal(judge("127.0.0.1", "127.0.0.1", 8080), null);
  assert.equal(judge("127.0.0.1", "127.0.0.1", 8081), "loopback");
  assert.equal(judge("localhost", "::1", 1), null);
  assert.equal(judge("a.example", "10.1.1.1", 443), "denied");
  assert.equal(
    judgeHost({ allow: [], deny: pullDeny }, { host: "a.example.com", port: 1 }),
    "denied",
  );
});

test("a proxy is an http address and nothing more, and a wrong one is refused without its password", () => {
  const plain = { host: "proxy.example", port: 80, login: null };
  assert.deepEqual(parsePullProxy("http://proxy.example"), plain);
  assert.deepEqual(parsePullProxy("http://[::1]:3128/"), { host: "::1", port: 3128, login: null });
  assert.deepEqual(parsePullProxy("http://ada:p%40ss@proxy.example:3128"), {
    host: "proxy.example",
    port: 3128,
    login: { userName: "ada", password: "p@ss" },
  });
  for (const text of [
    "proxy.example:3128",
    "https://proxy.example",
    "socks5://proxy.example",
    "http://proxy.example/path",
    "http://proxy.example/?x",
    "http://a:%@proxy.example",
    "",
  ])
    assert.equal(parsePullProxy(text), null, text);
  for (const given of [
    { env: { CONTENTLIB_PULL_PROXY: "https://ada:sesame@proxy.example" }, flags: [] },
    { env: {}, flags: ["--pull-proxy=https://ada:sesame@proxy.example"] },
  ]) {
    const outcome = readConfig(given.env, given.flags, PLACE);
    assert.ok(outcome.kind === "error");
    assert.match(outcome.sentence, /pull.proxy must be http:\/\/HOST:PORT/i);
    assert.doesNotMatch(outcome.sentence, /sesame/);
  }
});

test("a wrong entry is said with its name", () => {
  const outcome = readConfig({ CONTENTLIB_PULL_DENY: "10.0.0.0/8,nowhere:x" }, [], PLACE);
  assert.ok(outcome.kind === "error");
  assert.match(outcome.sentence, /CONTENTLIB_PULL_DENY must be networks, host names and ports/);
});
