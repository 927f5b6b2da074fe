// Headers that say where a request comes from and under which address the server was reached: believed from a trusted proxy, and from nobody else.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditPage } from "@contentlib/contract";
import { basic, BASIC, USER } from "./client.ts";
import { makeLibrary } from "./content.ts";
import { api, type Form, HTTP_FORMS } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { freshName, serverUnderTest, type ServerUnderTest } from "./server-under-test.ts";

const PROXY = "127.0.0.2";
const STRANGER = "127.0.0.3";
const GUESSES_MAX = 30;

const open = await serverUnderTest();
const behind = await serverUnderTest({ trustedProxies: [PROXY] });

const isLinux = process.platform === "linux";
const options = {
  skip: isLinux ? false : "this system gives a machine one loopback address only",
};

type Headers = Readonly<Record<string, string>>;

/** A login, asked for from an address of this machine. */
const logIn = async (
  server: ServerUnderTest,
  form: Form,
  { from, headers }: { readonly from: string; readonly headers: Headers },
): Promise<Incoming> => {
  const { method, path } = form.login();
  return await exchange({ method, url: server.url + path, headers, localAddress: from });
};

/** How many wrong passwords are answered before the next one has to wait. */
async function freeGuesses(
  server: ServerUnderTest,
  from: string,
  headersOf: (tried: number) => Headers,
): Promise<number> {
  for (let tried = 0; tried < GUESSES_MAX; tried += 1) {
    const headers = { Authorization: basic(USER, `guess ${tried}`), ...headersOf(tried) };
    const { status } = await logIn(server, api, { from, headers });
    if (status === 503) return tried;
    assert.equal(status, 401);
  }
  return GUESSES_MAX;
}

/** The address that the trail has of the making of an item with these headers. */
async function addressTold(
  server: ServerUnderTest,
  from: string,
  headers: Headers,
): Promise<string | undefined> {
  const admin = await server.client(api);
  const { method, path } = api.createItem({});
  const spec = { library_id: await makeLibrary(admin), name: freshName("item") };
  const login = { "vmware-api-session-id": admin.loginId };
  const made = await exchange({
    method,
    url: server.url + path,
    headers: { ...login, "Content-Type": "application/json", ...headers },
    body: JSON.stringify(spec),
    localAddress: from,
  });
  assert.equal(made.status, 201, made.text);
  const asked = `/api/contentlib/audit?object_id=${JSON.parse(made.text) as string}`;
  const told = await exchange({ method: "GET", url: server.url + asked, headers: login });
  return (JSON.parse(told.text) as AuditPage).entries[0]?.address;
}

/** The address for bytes that is handed out under these headers. */
async function endpointTold(
  server: ServerUnderTest,
  from: string,
  headers: Headers,
): Promise<string> {
  const admin = await server.client(api);
  const item = await admin.done(
    api.createItem({ library_id: await makeLibrary(admin), name: freshName("item") }),
  );
  const session = await admin.done(api.createSession({ library_item_id: item }));
  const { method, path, body } = api.addFile(session, { name: "a", source_type: "PUSH" });
  const told = await exchange({
    method,
    url: server.url + path,
    headers: {
      "vmware-api-session-id": admin.loginId,
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
    localAddress: from,
  });
  const info = JSON.parse(told.text) as { readonly upload_endpoint: { readonly uri: string } };
  return info.upload_endpoint.uri;
}

const SPOOFED: Headers = {
  "X-Forwarded-For": "203.0.113.9",
  "X-Forwarded-Host": "evil.example",
  "X-Forwarded-Proto": "https",
  "X-Forwarded-Port": "443",
  Forwarded: "for=203.0.113.9;host=evil.example;proto=https",
  "X-Real-IP": "203.0.113.9",
};

describe("where a request says that it comes from", () => {
  for (const [what, server] of Object.entries({ "no proxy": open, "another proxy": behind }))
    test(`counts for nothing where ${what} is trusted`, options, async () => {
      assert.equal(await addressTold(server, STRANGER, SPOOFED), STRANGER);
      const uri = await endpointTold(server, STRANGER, SPOOFED);
      assert.ok(uri.startsWith(`${server.url}/`), uri);
      for (const form of HTTP_FORMS) {
        const headers = { Authorization: BASIC, ...SPOOFED };
        const { headers: told } = await logIn(server, form, { from: STRANGER, headers });
        assert.doesNotMatch(String(told["set-cookie"]), /Secure/);
      }
      const free = await freeGuesses(server, "127.0.0.4", (tried) => ({
        "X-Forwarded-For": `198.51.100.${tried}`,
      }));
      assert.ok(free <= 5, `${free} guesses were free under changing names`);
    });

  test("is believed from the trusted proxy, the last word only", options, async () => {
    const told = async (value: string) =>
      await addressTold(behind, PROXY, { "X-Forwarded-For": value });
    assert.equal(await told("203.0.113.9"), "203.0.113.9");
    assert.equal(await told("198.51.100.1, 203.0.113.9"), "203.0.113.9");
    assert.equal(await told(`198.51.100.1, 203.0.113.9, ${PROXY}`), "203.0.113.9");
    assert.equal(await told("127.0.0.1, 203.0.113.9"), "203.0.113.9");
    for (const nonsense of ["unknown", "_hidden", "x".repeat(5000), "203.0.113.9 or so", "1.2.3"])
      assert.equal(await told(nonsense), PROXY, nonsense.slice(0, 20));
    const uri = await endpointTold(behind, PROXY, {
      "X-Forwarded-Host": "lib.example",
      "X-Forwarded-Proto": "https",
    });
    assert.ok(uri.startsWith("https://lib.example:443/"), uri);
    for (const host of ["evil.example/x", "a b", "x@evil.example", "-", "a\tb", "[::1"]) {
      const spelt = await endpointTold(behind, PROXY, { "X-Forwarded-Host": host });
      assert.ok(spelt.startsWith(`${behind.url}/cls/data/`), spelt);
    }
  });

  test(
    "behind it each client is slowed for himself, and dodges nothing by what he writes",
    options,
    async () => {
      const guesser = (tried: number): Headers => ({
        "X-Forwarded-For": `198.51.100.${tried}, 203.0.113.20`,
      });
      assert.ok((await freeGuesses(behind, PROXY, guesser)) <= 5);
      const other = { Authorization: BASIC, "X-Forwarded-For": "203.0.113.21" };
      assert.equal((await logIn(behind, api, { from: PROXY, headers: other })).status, 201);
      const same = { Authorization: BASIC, "X-Forwarded-For": "203.0.113.20" };
      assert.equal((await logIn(behind, api, { from: PROXY, headers: same })).status, 503);
    },
  );
});
