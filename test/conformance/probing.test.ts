// Addresses of other servers are tried: what they come to on every wire, where the fence keeps the server from going, and what is told
// of logins in addresses.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { PinoJournal } from "@contentlib/server/adapters/journal/pino-journal";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import type { TlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { LOOPBACK_FENCE, startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import type { Client } from "./client.ts";
import { api, type Form, FORMS } from "./forms.ts";
import { get } from "./http-asking.ts";
import { People } from "./people.ts";
import { type ServerUnderTest, serverUnderTest } from "./server-under-test.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

const { allow } = LOOPBACK_FENCE;
const pull = { pullAllow: allow, pullDeny: [], pullProxy: null };

async function serving(answer: RequestListener, identity?: TlsIdentity) {
  const source = await startRemoteServer(answer, identity === undefined ? {} : { identity });
  after(async () => await source.close());
  return source;
}

const identity = aTlsIdentity();
const file: RequestListener = ({ url }, response) =>
  void (url === "/login" ? response.writeHead(401).end() : response.end("0123456789"));
const secure = await serving(file, identity);
const plain = await serving((request, response) =>
  request.url === "/missing" ? void response.writeHead(404).end() : file(request, response),
);
const { fingerprint } = new X509Certificate(identity.certPem);
const SHA256 = new X509Certificate(identity.certPem).fingerprint256;

const probePath = (parameters: Readonly<Record<string, string>>) =>
  get(`/api/contentlib/probe?${String(new URLSearchParams(parameters))}`);

const statusOf = (told: unknown): unknown => (told as { readonly status: unknown }).status;

for (const form of FORMS) {
  describe(`probe, ${form.name}`, async () => {
    const server = await serverUnderTest({ pull });
    const client = await server.client(form);
    const ask = async (uri: string, members = {}) =>
      await client.done(form.probeFile({ uri, ...members }));

    test("tells what is wrong with a source [C119]", async () => {
      assert.deepEqual(await ask(`${plain.origin}/a.iso`), {
        status: "SUCCESS",
        error_messages: [],
      });
      assert.equal((await ask(`${plain.origin}/missing`)).status, "RESOURCE_NOT_FOUND");
      assert.equal((await ask(`${plain.origin}/login`)).status, "INVALID_CREDENTIALS");
      assert.equal((await ask("no address")).status, "INVALID_URL");
      assert.equal((await ask("ftp://files.example/")).status, "INVALID_URL");
      const untrusted = await ask(secure.origin);
      assert.equal(untrusted.status, "CERTIFICATE_ERROR");
      assert.equal(untrusted.ssl_thumbprint, fingerprint);
      const [message] = untrusted.error_messages;
      assert.match(message?.default_message ?? "", /^HTTP request error: .* is self-signed/);
      assert.ok(message?.default_message.includes(SHA256));
      for (const members of [
        { ssl_certificate_thumbprint: fingerprint },
        { ssl_certificate_thumbprint: SHA256 },
        { ssl_certificate: identity.certPem },
      ])
        assert.deepEqual(await ask(secure.origin, members), {
          status: "SUCCESS",
          ssl_thumbprint: fingerprint,
          error_messages: [],
        });
      const { error_messages } = await ask(secure.origin, {
        ssl_certificate_thumbprint: "00".repeat(20),
      });
      assert.ok(error_messages[0]?.default_message.includes(fingerprint));
      await client.refused(
        form.probeFile({ uri: secure.origin, ssl_certificate: "no PEM" }),
        "invalid_argument",
      );
    });

    test("tells the same of a publisher", async () => {
      const publisher = async (subscription_url: string, members = {}) =>
        await client.done(SUBSCRIBING[form.name].probe({ subscription_url, ...members }));
      assert.equal((await publisher(`${plain.origin}/lib.json`)).status, "SUCCESS");
      assert.equal((await publisher(`${plain.origin}/missing`)).status, "RESOURCE_NOT_FOUND");
      const untrusted = await publisher(secure.origin);
      assert.equal(untrusted.status, "CERTIFICATE_ERROR");
      assert.equal(untrusted.ssl_thumbprint, fingerprint);
      assert.equal(
        (await publisher(secure.origin, { ssl_thumbprint: fingerprint })).status,
        "SUCCESS",
      );
    });
  });
}

/** An administrator who has had no address tried yet. */
async function anAdministrator(server: ServerUnderTest, form: Form): Promise<Client> {
  const people = await People.on(server);
  const person = await people.person();
  await people.grant({ user: person.id }, "ADMINISTRATOR");
  return await people.client(form, person);
}

/** Every way to have an address tried. */
const waysOf = (client: Client) => {
  const { form } = client;
  const spell = SUBSCRIBING[form.name];
  return [
    async (uri: string) => await client.done(form.probeFile({ uri })),
    async (uri: string) => await client.done(spell.probe({ subscription_url: uri })),
    ...(form.name === "api" ? [async (uri: string) => await client.done(probePath({ uri }))] : []),
  ];
};

test("by default no address inside is reached, in whatever spelling, and by no redirect", async () => {
  const server = await serverUnderTest();
  const own = new URL(server.url).port;
  const before = plain.connections();
  for (const form of FORMS) {
    const ways = waysOf(await anAdministrator(server, form));
    for (const uri of [
      plain.origin,
      `http://localhost:${plain.port}/`,
      `http://127.1:${own}/`,
      `http://[::ffff:127.0.0.1]:${own}/`,
      "http://169.254.169.254/latest/meta-data/",
    ])
      for (const way of ways) {
        const told = await way(uri);
        assert.equal(statusOf(told), "UNKNOWN_ERROR", uri);
        assert.match(JSON.stringify(told), /leads to .*, which this server does not fetch from/);
      }
  }
  assert.equal(plain.connections(), before);
  const redirecting = await serving((_request, response) => {
    response.writeHead(302, { Location: `http://127.0.0.1:${plain.port}/` }).end();
  });
  const only = { kind: "network", address: "127.0.0.1", bits: 32 } as const;
  const ports = { from: redirecting.port, to: redirecting.port };
  const narrow = await serverUnderTest({ pull: { ...pull, pullAllow: [{ ...only, ports }] } });
  for (const form of FORMS)
    for (const way of waysOf(await anAdministrator(narrow, form)))
      assert.equal(statusOf(await way(redirecting.origin)), "UNKNOWN_ERROR");
  assert.equal(plain.connections(), before);
});

/** Every way, each with an account and so a pace of its own. */
const freshWays = async (server: ServerUnderTest, form: Form) => {
  const ways = waysOf(await anAdministrator(server, form));
  const clients = await Promise.all(ways.map(async () => await anAdministrator(server, form)));
  return clients.flatMap((client, index) => waysOf(client).slice(index, index + 1));
};

const filesBelow = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test("user and password in an address are in no answer, log, trail or file", async () => {
  const lines: string[] = [];
  const journal = new PinoJournal("debug", { write: (line: string) => lines.push(line) });
  const server = await serverUnderTest({ pull, journal });
  const secrets = ["grace-hopper", "open-sesame"];
  const shown: string[] = [];
  for (const form of FORMS) {
    const client = await anAdministrator(server, form);
    const ways = await freshWays(server, form);
    for (const way of ways)
      for (const target of [
        plain.origin,
        secure.origin,
        `${plain.origin}/login`,
        "http://127.9.9.9:1",
      ]) {
        const uri = target.replace("://", `://${secrets.join(":")}@`);
        shown.push(JSON.stringify(await way(uri)));
        shown.push(JSON.stringify(await way(uri.replace("http", "ftp")).catch(String)));
      }
    for (const start of ["//", " https://", "https:\\\\", "", "https:///"])
      for (const way of ways)
        shown.push(JSON.stringify(await way(`${start}${secrets.join(":")}/@host`).catch(String)));
    const bad = { uri: `https://${secrets.join(":")}@x`, ssl_certificate_thumbprint: "x" };
    shown.push((await client.ask(form.probeFile(bad))).text);
  }
  const people = await People.on(server);
  const nobody = await people.client(api, await people.person());
  const uri = `https://${secrets.join(":")}@files.example/`;
  shown.push(
    (await nobody.ask(probePath({ uri }))).text,
    (await nobody.ask(api.probeFile({ uri }))).text,
  );
  const trail = await (await server.client(api)).ask(get("/api/contentlib/audit?limit=1000"));
  assert.match(trail.text, /"updateSessionFile\.probe"|"probe\.get"/, "a denial is told");
  await server.stop();
  const places = {
    "the answers": shown.join("\n"),
    "the log": lines.join(""),
    "the trail": trail.text,
  };
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.length > 1000, place);
    for (const secret of secrets) assert.ok(!text.includes(secret), `${place}: ${secret}`);
  }
  for (const path of filesBelow(server.directory)) {
    const content = readFileSync(path);
    for (const secret of secrets) assert.ok(!content.includes(secret), `${path}: ${secret}`);
  }
});

test("whoever has many addresses tried has to wait, and others do not", async () => {
  const server = await serverUnderTest({ pull });
  const client = await server.client(api);
  const replies = [];
  for (let index = 0; index < 25; index += 1)
    replies.push(await client.ask(api.probeFile({ uri: plain.origin })));
  const refused = replies.filter(({ faultClass }) => faultClass !== null);
  assert.ok(refused.length > 0 && refused.length <= 5, String(refused.length));
  for (const { status, messages } of refused) {
    assert.equal(status, 503);
    assert.match(messages[0]?.default_message ?? "", /Try again in \d+ s/);
  }
  const people = await People.on(server);
  const person = await people.person();
  await people.grant({ user: person.id }, "EDITOR");
  const other = await people.client(api, person);
  assert.equal((await other.done(api.probeFile({ uri: plain.origin }))).status, "SUCCESS");
});
