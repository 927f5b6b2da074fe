import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { RequestListener } from "node:http";
import type { TestContext } from "node:test";
import { describe, test } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import type { TlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { LOOPBACK_FENCE, startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { SystemClock } from "../../adapters/clock/system-clock.ts";
import { HttpRemoteSource } from "../../adapters/remote/http-source.ts";
import { keyDigest } from "../../adapters/remote/trust-store.ts";
import type { RemoteSource } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { PROBES_FREE } from "./probe-pace.ts";

const SOURCE = new HttpRemoteSource({
  clock: new SystemClock(),
  fence: LOOPBACK_FENCE,
  proxy: null,
  ownAddresses: () => [],
});

const openRig = async (remote: RemoteSource = SOURCE): Promise<AccessRig> =>
  await AccessRig.open(undefined, undefined, { remote });

async function serving(t: TestContext, answer: RequestListener, identity?: TlsIdentity) {
  const server = await startRemoteServer(answer, identity === undefined ? {} : { identity });
  t.after(async () => await server.close());
  return server;
}

const file: RequestListener = (_request, response) =>
  void response.setHeader("ETag", '"v1"').end("0123456789");

const answering =
  (status: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(status).end();

/** What fails in one way, whatever it is asked for. */
const failing = (error: unknown): RemoteSource => ({
  open: () => Promise.reject(error),
  probe: () => Promise.reject(error),
});

const leafOf = ({ certPem }: TlsIdentity): X509Certificate => new X509Certificate(certPem);
const pinOf = (identity: TlsIdentity): string =>
  `sha256//${Buffer.from(keyDigest(leafOf(identity)), "hex").toString("base64")}`;

describe("probe of a source", () => {
  test("a server that answers is a success, and each trouble has its status", async (t) => {
    const rig = await openRig();
    const ask = async (uri: string) =>
      await rig.handlers["updateSessionFile.probe"]({ source_endpoint: { uri } }, aCall());
    const good = await serving(t, file);
    assert.deepEqual(await ask(`${good.origin}/a.iso`), { status: "SUCCESS", error_messages: [] });
    const cases = [
      [401, "INVALID_CREDENTIALS"],
      [403, "INVALID_CREDENTIALS"],
      [404, "RESOURCE_NOT_FOUND"],
      [500, "UNKNOWN_ERROR"],
    ] as const;
    for (const [status, expected] of cases) {
      const { origin } = await serving(t, answering(status));
      const answer = await ask(origin);
      assert.equal(answer.status, expected);
      const [message] = answer.error_messages;
      assert.equal(message?.id, "com.vmware.vdcs.cls-main.http_request_error");
      assert.match(message.default_message, new RegExp(`^HTTP request error: .*${status}`));
    }
    assert.equal((await ask("http://169.254.169.254/latest")).status, "UNKNOWN_ERROR");
    for (const [reason, expected] of [
      ["url", "INVALID_URL"],
      ["no-host", "HOST_NOT_FOUND"],
      ["timeout", "TIMED_OUT"],
      ["redirect", "UNKNOWN_ERROR"],
      ["cancelled", "UNKNOWN_ERROR"],
    ] as const) {
      const failed = await openRig(failing(new RemoteError(reason, "It failed.")));
      const answer = await failed.handlers["updateSessionFile.probe"](
        { source_endpoint: { uri: "https://files.example" } },
        aCall(),
      );
      assert.equal(answer.status, expected);
      assert.equal(answer.error_messages[0]?.default_message, "HTTP request error: It failed.");
    }
    const broken = await openRig(failing(new TypeError("a bug")));
    await assert.rejects(
      broken.handlers["updateSessionFile.probe"](
        { source_endpoint: { uri: "https://files.example" } },
        aCall(),
      ),
      /a bug/,
    );
  });

  test("an address that can not be fetched from says why, and nothing goes out", async () => {
    const rig = await openRig(failing(new Error("something went out")));
    const ask = async (uri: string) =>
      await rig.handlers["updateSessionFile.probe"]({ source_endpoint: { uri } }, aCall());
    for (const uri of ["", "no address", "https://", "https://ada:sesame@:1/"]) {
      const { status, error_messages } = await ask(uri);
      assert.equal(status, "INVALID_URL");
      assert.equal(error_messages[0]?.id, "com.vmware.vdcs.cls-main.invalid_url_format");
      assert.equal(error_messages.length, 2);
      assert.doesNotMatch(JSON.stringify(error_messages), /sesame/);
    }
    for (const uri of ["ftp://ada:sesame@files.example/", "ds:///vmfs/1/a.iso", "file:///a"]) {
      const { status, error_messages } = await ask(uri);
      assert.equal(status, "INVALID_URL");
      assert.deepEqual(error_messages, [
        {
          id: "com.vmware.vdcs.cls-main.file_probe_unsupported_uri_scheme",
          default_message: `The specified URI ${uri.replace("ada:sesame@", "")} is not supported`,
          args: [uri.replace("ada:sesame@", "")],
        },
      ]);
    }
  });

  test("a certificate that is not trusted comes with its print, and a pin or an administrator makes it trusted", async (t) => {
    const [identity, other] = [aTlsIdentity(), aTlsIdentity()];
    const { origin: uri } = await serving(t, file, identity);
    const rig = await openRig();
    const ask = async (members: object) =>
      await rig.handlers["updateSessionFile.probe"](
        { source_endpoint: { uri, ...members } },
        aCall(),
      );
    const untrusted = await ask({});
    assert.equal(untrusted.status, "CERTIFICATE_ERROR");
    assert.equal(untrusted.ssl_thumbprint, leafOf(identity).fingerprint);
    assert.equal(
      untrusted.error_messages[0]?.id,
      "com.vmware.vdcs.cls-main.http_request_error_peer_not_authenticated",
    );
    const members = (of: TlsIdentity) => [
      { ssl_certificate: of.certPem },
      { ssl_certificate: of.certPem, ssl_certificate_thumbprint: "not looked at" },
      { ssl_certificate_thumbprint: leafOf(of).fingerprint },
      { ssl_certificate_thumbprint: leafOf(of).fingerprint256.replaceAll(":", "") },
      { contentlib_key_pin: pinOf(of) },
    ];
    for (const pinned of members(identity)) assert.equal((await ask(pinned)).status, "SUCCESS");
    for (const pinned of members(other)) {
      const answer = await ask(pinned);
      assert.equal(answer.status, "CERTIFICATE_ERROR");
      assert.equal(answer.ssl_thumbprint, leafOf(identity).fingerprint);
    }
    assert.equal((await ask({ contentlib_ca_pin: pinOf(identity) })).status, "SUCCESS");
    assert.equal((await ask({ contentlib_ca_pin: pinOf(other) })).status, "CERTIFICATE_ERROR");
    await refusedWith("request.invalid_member", ask({ ssl_certificate_thumbprint: "x" }));
    await refusedWith("request.invalid_member", ask({ contentlib_key_pin: "x" }));
    const junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    await refusedWith("request.invalid_member", ask({ ssl_certificate: junk }));
    const spec = { cert_text: identity.certPem };
    await rig.handlers["trustedCertificate.create"]({ spec }, aCall());
    assert.equal((await ask({})).status, "SUCCESS");
  });

  test("a login in the address is used, and told by nobody", async (t) => {
    const seen: (string | undefined)[] = [];
    const { origin } = await serving(t, (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    const rig = await openRig();
    const uri = `${origin.replace("://", "://ada:open%20sesame@")}/a?signature=secret`;
    const answers = [
      await rig.handlers["updateSessionFile.probe"]({ source_endpoint: { uri } }, aCall()),
      await rig.handlers["probe.get"]({ uri }, aCall()),
    ];
    const basic = `Basic ${Buffer.from("ada:open sesame").toString("base64")}`;
    assert.deepEqual(seen, [basic, basic]);
    for (const answer of answers) {
      assert.equal(answer.status, "INVALID_CREDENTIALS");
      assert.doesNotMatch(JSON.stringify(answer), /sesame|ada:|signature|secret/);
    }
    assert.doesNotMatch(JSON.stringify(rig.rig.journal.events), /sesame/);
  });
});

describe("probe of an address, with all there is to know", () => {
  test("size, chain, prints and the option to pin the key", async (t) => {
    const authority = {
      commonName: "an authority",
      ...aTlsIdentity({ commonName: "an authority", isAuthority: true }),
    };
    const identity = aTlsIdentity({ issuer: authority, names: ["127.0.0.1", "files.example"] });
    const { origin } = await serving(t, file, identity);
    const rig = await openRig();
    const ask = async (members: object) =>
      await rig.handlers["probe.get"]({ uri: `${origin}/a.iso?x=1`, ...members }, aCall());
    const leaf = leafOf(identity);
    const certificate = {
      subject: "CN=contentlib test",
      issuer: "CN=an authority",
      names: ["127.0.0.1", "files.example"],
      valid_from: "2024-01-01T00:00:00.000Z",
      expires_at: "2124-01-01T00:00:00.000Z",
      sha1: leaf.fingerprint,
      sha256: leaf.fingerprint256,
      key_pin: pinOf(identity),
    };
    const pinned = await ask({ key_pin: pinOf(identity) });
    const { tls_protocol, ...others } = pinned;
    assert.match(tls_protocol ?? "", /^TLSv1\.[23]$/);
    assert.deepEqual(others, {
      uri: `${origin}/a.iso`,
      status: "SUCCESS",
      error_messages: [],
      resumable: true,
      size: 10,
      certificates: [certificate],
      certificate_problem: "is by an issuer that this server does not know",
      pin_flag: `--pin-key ${pinOf(identity)}`,
    });
    const untrusted = await ask({});
    assert.equal(untrusted.status, "CERTIFICATE_ERROR");
    assert.deepEqual(untrusted.certificates, [certificate]);
    assert.equal(untrusted.size, undefined);
    assert.equal((await ask({ thumbprint: leaf.fingerprint })).status, "SUCCESS");
    assert.equal((await ask({ ca_pin: pinOf(authority) })).status, "CERTIFICATE_ERROR");
    await rig.handlers["trustedCertificate.create"](
      { spec: { cert_text: authority.certPem } },
      aCall(),
    );
    const trusted = await ask({});
    assert.equal(trusted.certificate_problem, undefined);
    assert.equal(trusted.certificates.length, 2);
    assert.equal((await ask({ ca_pin: pinOf(authority) })).status, "SUCCESS");
    await refusedWith("request.invalid_member", ask({ key_pin: "x" }));
    await refusedWith(
      "request.invalid_member",
      ask({ thumbprint: leaf.fingerprint, key_pin: pinOf(identity) }),
    );
  });

  test("where redirects lead, without TLS, and from a server that tells little", async (t) => {
    const { origin } = await serving(t, (request, response) => {
      if (request.url === "/a") response.writeHead(302, { Location: "/b?secret#c" }).end();
      else response.write("x", () => response.end());
    });
    const rig = await openRig();
    assert.deepEqual(await rig.handlers["probe.get"]({ uri: `${origin}/a` }, aCall()), {
      uri: `${origin}/a`,
      redirected_to: `${origin}/b`,
      status: "SUCCESS",
      error_messages: [],
      resumable: false,
      certificates: [],
    });
  });

  test("what leads inside is said to be closed, and by whom", async () => {
    const rig = await AccessRig.open();
    const answer = await rig.handlers["probe.get"]({ uri: "http://127.0.0.1:1/" }, aCall());
    assert.equal(answer.status, "UNKNOWN_ERROR");
    assert.match(
      answer.error_messages[0]?.default_message ?? "",
      /loopback.*CONTENTLIB_PULL_ALLOW/,
    );
  });
});

test("who tries too many has to wait, and editors of any library may try", async (t) => {
  const { origin: uri, connections } = await serving(t, file);
  const rig = await openRig();
  const library = await rig.library();
  const [editor, viewer, nobody] = [
    await rig.user("editor", library),
    await rig.user("viewer", library),
    await rig.user(),
  ];
  const ask = async (call = editor.call()) => await rig.handlers["probe.get"]({ uri }, call);
  for (const user of [viewer, nobody]) await refusedWith("access.missing_right", ask(user.call()));
  for (let index = 0; index < PROBES_FREE; index += 1)
    assert.equal((await ask()).status, "SUCCESS");
  await refusedWith("remote.probed_too_often", ask());
  const source_endpoint = { uri };
  await refusedWith(
    "remote.probed_too_often",
    rig.handlers["updateSessionFile.probe"]({ source_endpoint }, editor.call()),
  );
  const cheap = [
    () => rig.handlers["probe.get"]({ uri: "no address" }, editor.call()),
    () => rig.handlers["updateSessionFile.probe"]({ source_endpoint: { uri: "" } }, editor.call()),
  ];
  for (const asking of cheap) await refusedWith("remote.probed_too_often", asking());
  assert.equal(connections(), PROBES_FREE);
  assert.equal((await ask(aCall())).status, "SUCCESS");
  await rig.clock.advance(3_000);
  assert.equal((await ask()).status, "SUCCESS");
});

test("bad addresses count, and are let go by at once", async () => {
  const rig = await openRig();
  const subscription_info = { subscription_url: "/".repeat(100_000) };
  for (let index = 0; index < PROBES_FREE; index += 1) {
    const asking = rig.handlers["subscribedLibrary.probe"]({ subscription_info }, aCall());
    assert.equal((await asking).status, "INVALID_URL");
  }
  await refusedWith(
    "remote.probed_too_often",
    rig.handlers["probe.get"]({ uri: "ftp://files.example" }, aCall()),
  );
});
