import assert from "node:assert/strict";
import { test } from "node:test";
import { basic, RIG_PASSWORD, WireRig } from "@contentlib/testkit/rigs/wire-rig";
import type { App } from "../app/app.ts";
import type { Call } from "../app/call.ts";
import { addressIn, TrustedProxies } from "./proxies.ts";

const LIBRARIES = "/api/content/local-library";

/** A rig that shows each call as its handler sees it. */
const openWatched = async (
  options: Parameters<typeof WireRig.open>[0],
): Promise<{ readonly rig: WireRig; see(headers: object): Promise<Seen> }> => {
  const calls: Call[] = [];
  const list: App["handlers"]["localLibrary.list"] = async (_input, call) => {
    calls.push(call);
    return await Promise.resolve([]);
  };
  const rig = await WireRig.open(options, (app) => ({
    ...app,
    handlers: { ...app.handlers, "localLibrary.list": list },
  }));
  return {
    rig,
    see: async (headers) => {
      const told = await rig.ask("GET", LIBRARIES, {
        headers: { "vmware-api-session-id": await rig.loginId(), ...headers },
      });
      assert.equal(told.status, 200, told.text);
      const call = calls.at(-1);
      assert.ok(call);
      const { address, baseUrl, thumbprint } = call;
      return { address, baseUrl, thumbprint };
    },
  };
};

type Seen = Pick<Call, "address" | "baseUrl" | "thumbprint">;

test("an address has one spelling, and what is none is none", () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ["192.0.2.7", "192.0.2.7"],
    ["192.0.2.7:51234", "192.0.2.7"],
    ["::FFFF:192.0.2.7", "192.0.2.7"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["fe80::1%eth0", null],
    ["192.0.2.999", null],
    ["0192.0.2.1", null],
    ["unknown", null],
    ["_hidden", null],
    ["", null],
    ["192.0.2.7:port", null],
    ["[192.0.2.7]", "192.0.2.7"],
    [`2001:db8::1${" ".repeat(100)}`, null],
    ["1".repeat(64 * 1024), null],
  ];
  for (const [text, address] of cases) assert.equal(addressIn(text), address, text.slice(0, 50));
});

test("networks and addresses of both kinds are found, and a client is no proxy", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "192.0.2.1", "fd00::/8"]);
  const found = ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.1", "fd12::9"];
  const others = ["11.0.0.1", "192.0.2.2", "fe80::1", "", "nonsense"];
  assert.deepEqual(
    found.map((address) => proxies.has(address)),
    found.map(() => true),
  );
  assert.deepEqual(
    others.map((address) => proxies.has(address)),
    others.map(() => false),
  );
  assert.throws(() => new TrustedProxies(["example.org"]));
});

test("whoever is no trusted proxy is taken by his connection, whatever he says", async () => {
  for (const trustedProxies of [[], ["192.0.2.1"]]) {
    const { rig, see } = await openWatched({ trustedProxies });
    const seen = await see({
      host: "lib.example",
      "x-forwarded-for": "203.0.113.9",
      "x-forwarded-proto": "https",
      "x-forwarded-host": "evil.example",
      "x-forwarded-port": "444",
      forwarded: "for=203.0.113.9;proto=https;host=evil.example",
    });
    assert.deepEqual(seen, {
      address: "127.0.0.1",
      baseUrl: "http://lib.example:80",
      thumbprint: null,
    });
    await rig.close();
  }
});

test("a trusted proxy's client is the last address that is no proxy's", async () => {
  const { rig, see } = await openWatched({ trustedProxies: ["127.0.0.1", "10.0.0.0/8"] });
  const cases: readonly (readonly [string, string])[] = [
    ["203.0.113.9", "203.0.113.9"],
    ["203.0.113.9:5123", "203.0.113.9"],
    ["[2001:DB8::9]:5123", "2001:db8::9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["198.51.100.1, 203.0.113.9", "203.0.113.9"],
    ["198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
    ["203.0.113.9,10.0.0.3:80 ,10.0.0.2", "203.0.113.9"],
    // Nobody but proxies: the one farthest off.
    ["10.0.0.3, 10.0.0.2", "10.0.0.3"],
    // What is no address ends the way back before it.
    ["203.0.113.9, unknown", "127.0.0.1"],
    ["203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"],
    ["203.0.113.9, fe80::1%eth0, 10.0.0.2", "10.0.0.2"],
    [",,,", "127.0.0.1"],
    ["<script>", "127.0.0.1"],
    [`203.0.113.9, ${"1, ".repeat(4000)}10.0.0.2`, "10.0.0.2"],
  ];
  for (const [header, address] of cases)
    assert.equal((await see({ "x-forwarded-for": header })).address, address, header.slice(0, 60));
  assert.equal((await see({ forwarded: "for=203.0.113.9" })).address, "127.0.0.1");
  assert.equal((await see({})).address, "127.0.0.1");
  await rig.close();
});

test("a list of addresses that is longer than a head may be is refused, and the server goes on", async () => {
  const rig = await WireRig.open({ trustedProxies: ["127.0.0.1"] });
  const list = "203.0.113.9, ".repeat(5000);
  const told = await rig.raw(
    `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${list}\r\n\r\n`,
  );
  assert.match(told, /^HTTP\/1\.1 431 /);
  assert.equal((await rig.ask("GET", "/healthz")).status, 200);
  await rig.close();
});

test("a trusted proxy says under which address its client came, as far as that can be one", async () => {
  const { rig, see } = await openWatched({ trustedProxies: ["127.0.0.1"] });
  const cases: readonly (readonly [Record<string, string>, string])[] = [
    [{}, "http://lib.example:80"],
    [{ proto: "https" }, "https://lib.example:443"],
    [{ proto: "HTTPS" }, "https://lib.example:443"],
    [{ proto: "http, https" }, "https://lib.example:443"],
    [{ proto: "ftp" }, "http://lib.example:80"],
    [{ proto: "https", host: "out.example" }, "https://out.example:443"],
    [{ proto: "https", host: "out.example:8443" }, "https://out.example:8443"],
    [{ proto: "https", host: "out.example", port: "8443" }, "https://out.example:8443"],
    [{ proto: "https", host: "out.example:1", port: "8443" }, "https://out.example:1"],
    [{ proto: "https", port: "8443" }, "https://lib.example:8443"],
    [{ host: "inner.example, out.example" }, "http://out.example:80"],
    [{ host: "[2001:db8::1]" }, "http://[2001:db8::1]:80"],
    [{ host: "a b" }, "http://lib.example:80"],
    [{ host: "out.example/path" }, "http://lib.example:80"],
    [{ host: "user@out.example" }, "http://lib.example:80"],
    [{ host: "out.example:99999" }, "http://lib.example:80"],
    [{ host: "x".repeat(300) }, "http://lib.example:80"],
    [{ host: "out.example", port: "0" }, "http://out.example:80"],
    [{ host: "out.example", port: "80 80" }, "http://out.example:80"],
  ];
  for (const [said, baseUrl] of cases) {
    const headers = Object.entries(said).map(([name, value]) => [`x-forwarded-${name}`, value]);
    const seen = await see({ host: "lib.example", ...Object.fromEntries(headers) });
    assert.equal(seen.baseUrl, baseUrl, JSON.stringify(said));
  }
  await rig.close();
  const named = await openWatched({
    trustedProxies: ["127.0.0.1"],
    publicUrl: "https://lib.example:443",
  });
  const seen = await named.see({ "x-forwarded-host": "out.example", "x-forwarded-proto": "http" });
  assert.equal(seen.baseUrl, "https://lib.example:443");
  await named.rig.close();
});

const guess = async (rig: WireRig, from: string): Promise<number> =>
  (
    await rig.ask("POST", "/api/session", {
      headers: { ...basic("administrator", "wrong"), "x-forwarded-for": from },
    })
  ).status;

test("nobody guesses on by saying that he comes from elsewhere", async () => {
  const rig = await WireRig.open();
  const statuses: number[] = [];
  for (let at = 0; at < 30; at += 1) statuses.push(await guess(rig, `203.0.113.${at}`));
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 503);
  await rig.close();
});

test("behind a trusted proxy a guesser is told from other clients", async () => {
  const rig = await WireRig.open({ trustedProxies: ["127.0.0.1"] });
  for (let at = 0; at < 30; at += 1) await guess(rig, `198.51.100.${at}, 203.0.113.9`);
  assert.equal(await guess(rig, "203.0.113.9"), 503);
  const other = await rig.ask("POST", "/api/session", {
    headers: { ...basic("administrator", RIG_PASSWORD), "x-forwarded-for": "203.0.113.10" },
  });
  assert.equal(other.status, 201);
  await rig.close();
});

test("a cookie is Secure where a trusted proxy speaks TLS with the client", async () => {
  const rig = await WireRig.open({ trustedProxies: ["127.0.0.1"] });
  const login = async (proto: string): Promise<string> =>
    (
      await rig.ask("POST", "/api/session", {
        headers: { ...basic("administrator", RIG_PASSWORD), "x-forwarded-proto": proto },
      })
    ).headers["set-cookie"]?.[0] ?? "";
  assert.match(await login("https"), /; Secure;/);
  assert.doesNotMatch(await login("http"), /Secure/);
  await rig.close();
});
