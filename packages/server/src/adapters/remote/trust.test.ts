import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import type { TlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { startCountingTlsServer } from "@contentlib/testkit/client/counting-tls-server";
import { LOOPBACK_FENCE, startRemoteServer, wholeOf } from "@contentlib/testkit/rigs/remote-rig";
import { SystemClock } from "../clock/system-clock.ts";
import { makeCertificate } from "../tls/make-certificate.ts";
import { makePrivateKey } from "../tls/make-private-key.ts";
import type { RemotePin, RemoteTarget } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { HttpRemoteSource } from "./http-source.ts";
import { keyDigest } from "./trust-store.ts";

const source = (): HttpRemoteSource =>
  new HttpRemoteSource({
    clock: new SystemClock(),
    fence: LOOPBACK_FENCE,
    proxy: null,
    resolver: { resolve: async () => ["127.0.0.1"] },
    ownAddresses: () => [],
  });

async function serving(t: TestContext, identity: TlsIdentity, chain = "") {
  const server = await startRemoteServer((_request, response) => void response.end("inside"), {
    identity,
    chain,
  });
  t.after(async () => await server.close());
  return server;
}

const target = (url: string, others: Partial<RemoteTarget> = {}): RemoteTarget => ({
  url,
  trusted: [],
  signal: new AbortController().signal,
  ...others,
});

const leafOf = ({ certPem }: TlsIdentity): X509Certificate => new X509Certificate(certPem);
const digits = (print: string): string => print.replaceAll(":", "").toLowerCase();
const keyOf = (identity: TlsIdentity): RemotePin => ({
  kind: "key",
  digest: keyDigest(leafOf(identity)),
});

/** By what a server of that identity is known. */
const pinsOf = (identity: TlsIdentity): readonly RemotePin[] => [
  { kind: "certificate", pem: identity.certPem },
  { kind: "thumbprint", digest: digits(leafOf(identity).fingerprint) },
  { kind: "thumbprint", digest: digits(leafOf(identity).fingerprint256) },
  keyOf(identity),
];

const isUntrusted = (words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RemoteError, String(error));
  assert.equal(error.reason, "certificate", error.message);
  assert.match(error.message, words);
  return error.peer !== null;
};

test("a pin is all that is asked, whatever the certificate says of names and dates", async (t) => {
  for (const wish of [
    {},
    { names: ["elsewhere.example"] },
    { validUntil: new Date("2024-02-01T00:00:00Z") },
    { validFrom: new Date("2123-01-01T00:00:00Z") },
  ]) {
    const identity = aTlsIdentity(wish);
    const { origin } = await serving(t, identity);
    for (const pin of pinsOf(identity)) {
      const file = await source().open(target(origin, { pin }));
      assert.equal((await wholeOf(file.body)).toString(), "inside");
      assert.notEqual(file.peer, null);
    }
  }
});

test("a server with another certificate hears nothing, and the error names both prints", async (t) => {
  const [shown, pinned] = [aTlsIdentity(), aTlsIdentity()];
  const server = await startCountingTlsServer(shown);
  t.after(async () => await server.close());
  const [ours, theirs] = [leafOf(pinned), leafOf(shown)];
  const base64 = (leaf: X509Certificate): string =>
    `sha256//${Buffer.from(keyDigest(leaf), "hex").toString("base64")}`;
  const prints = [
    [ours.fingerprint256, theirs.fingerprint256],
    [ours.fingerprint, theirs.fingerprint],
    [ours.fingerprint256, theirs.fingerprint256],
    [base64(ours), base64(theirs)],
  ];
  for (const [index, pin] of pinsOf(pinned).entries()) {
    await assert.rejects(source().open(target(server.url, { pin })), (error: Error) => {
      for (const print of prints[index] ?? [])
        assert.ok(error.message.includes(print), error.message);
      return isUntrusted(/Ask whoever runs it/)(error);
    });
  }
  assert.equal(server.bytes(), 0);
});

test("without a pin the chain is checked, against the system and what is trusted here", async (t) => {
  const authority = {
    commonName: "an authority",
    ...aTlsIdentity({ commonName: "an authority", isAuthority: true }),
  };
  const identity = aTlsIdentity({ issuer: authority });
  const { origin } = await serving(t, identity);
  await assert.rejects(
    source().probe(target(origin)),
    isUntrusted(/issuer that this server does not know/),
  );
  for (const trusted of [
    [authority.certPem],
    [identity.certPem],
    [aTlsIdentity().certPem, authority.certPem],
  ]) {
    const { peer } = await source().probe(target(origin, { trusted }));
    assert.equal(peer?.problem, null);
    assert.equal(peer.chain[0]?.subject, "CN=contentlib test");
  }
  const before = getCACertificates("default");
  t.after(() => setDefaultCACertificates(before));
  setDefaultCACertificates([authority.certPem]);
  assert.equal((await source().probe(target(origin))).peer?.problem, null);
});

test("why a certificate is not trusted is said, with its prints", async (t) => {
  const cases = [
    [{}, /is self-signed/],
    [{ names: ["elsewhere.example"] }, /is for other names/],
    [{ validUntil: new Date("2024-02-01T00:00:00Z") }, /has expired/],
    [{ validFrom: new Date("2123-01-01T00:00:00Z") }, /is not valid yet/],
  ] as const;
  for (const [wish, words] of cases) {
    const identity = aTlsIdentity(wish);
    const { origin } = await serving(t, identity);
    const trusted = words.source.includes("self") ? [] : [identity.certPem];
    await assert.rejects(source().probe(target(origin, { trusted })), (error: Error) => {
      assert.ok(error.message.includes(leafOf(identity).fingerprint256));
      assert.ok(error.message.includes(leafOf(identity).fingerprint));
      return isUntrusted(words)(error);
    });
  }
});

test("a name is checked against the certificate, and told to the server", async (t) => {
  const identity = aTlsIdentity({ names: ["files.example"] });
  const { port } = await serving(t, identity);
  const trusted = [identity.certPem];
  for (const host of ["files.example", "files.example."])
    assert.equal(
      (await source().probe(target(`https://${host}:${port}`, { trusted }))).peer?.problem,
      null,
    );
  await assert.rejects(
    source().probe(target(`https://other.example:${port}`, { trusted })),
    isUntrusted(/is for other names/),
  );
});

test("a pinned authority vouches for new certificates, and names and dates count", async (t) => {
  const authority = {
    commonName: "an authority",
    ...aTlsIdentity({ commonName: "an authority", isAuthority: true }),
  };
  const stranger = {
    commonName: "an authority",
    ...aTlsIdentity({ commonName: "an authority", isAuthority: true }),
  };
  const pin: RemotePin = { kind: "authority", digest: keyDigest(leafOf(authority)) };
  for (const trusted of [[], [authority.certPem]]) {
    const chain = trusted.length === 0 ? authority.certPem : "";
    for (const identity of [
      aTlsIdentity({ issuer: authority }),
      aTlsIdentity({ issuer: authority }),
    ]) {
      const { origin } = await serving(t, identity, chain);
      const file = await source().open(target(origin, { pin, trusted }));
      assert.equal((await wholeOf(file.body)).toString(), "inside");
    }
  }
  const cases = [
    [
      aTlsIdentity({ issuer: authority, names: ["elsewhere.example"] }),
      authority.certPem,
      /other names/,
    ],
    [
      aTlsIdentity({ issuer: authority, validUntil: new Date(0) }),
      authority.certPem,
      /has expired/,
    ],
    [aTlsIdentity({ issuer: stranger }), stranger.certPem, /no authority with the key sha256\/\//],
    // The chain is only as good as its signatures: a certificate of the pinned authority beside it proves nothing.
    [aTlsIdentity({ issuer: stranger }), authority.certPem, /is not trusted/],
    [aTlsIdentity(), authority.certPem, /is not trusted/],
  ] as const;
  for (const [identity, chain, words] of cases) {
    const { origin } = await serving(t, identity, chain);
    await assert.rejects(source().probe(target(origin, { pin })), isUntrusted(words));
  }
});

test("a pin counts for its own origin, and a redirect from https to http is not followed", async (t) => {
  const [first, second] = [aTlsIdentity(), aTlsIdentity()];
  const other = await serving(t, second);
  const plain = await startRemoteServer((_request, response) => void response.end("x"));
  t.after(async () => await plain.close());
  const redirecting = async (location: string) => {
    const server = await startRemoteServer(
      (_request, response) => void response.writeHead(302, { Location: location }).end(),
      { identity: first },
    );
    t.after(async () => await server.close());
    return server.origin;
  };
  for (const pin of [keyOf(first), keyOf(second)]) {
    await assert.rejects(
      source().probe(target(await redirecting(other.origin), { pin })),
      isUntrusted(/is not trusted/),
    );
  }
  const pin = keyOf(first);
  const trusted = [second.certPem];
  assert.equal(
    (await source().probe(target(await redirecting(other.origin), { pin, trusted }))).redirects,
    1,
  );
  await assert.rejects(
    source().probe(target(await redirecting(plain.origin), { pin })),
    /from https to http/,
  );
  assert.equal(plain.connections(), 0);
});

test("a pin needs TLS, and TLS needs a server that speaks it", async (t) => {
  const plain = await startRemoteServer((_request, response) => void response.end("x"));
  t.after(async () => await plain.close());
  const pin = keyOf(aTlsIdentity());
  await assert.rejects(source().probe(target(plain.origin, { pin })), /is not encrypted/);
  assert.equal(plain.connections(), 0);
  await assert.rejects(
    source().probe(target(plain.origin.replace("http:", "https:"))),
    /it does not speak TLS there/,
  );
});

test("what is told of a certificate is what is in it", async (t) => {
  const keyPem = makePrivateKey();
  const now = Date.UTC(2026, 0, 1);
  const certPem = await makeCertificate({ keyPem, names: ["lib.example", "::1"], now });
  const identity = { keyPem, certPem };
  const { origin } = await serving(t, identity);
  const { peer } = await source().probe(target(origin, { pin: keyOf(identity) }));
  const leaf = leafOf(identity);
  assert.match(peer?.protocol ?? "", /^TLSv1\.[23]$/);
  assert.equal(peer?.problem, "is self-signed");
  assert.deepEqual(peer.chain, [
    {
      subject: "CN=lib.example",
      issuer: "CN=lib.example",
      names: ["lib.example", "::1"],
      validFrom: leaf.validFromDate.getTime(),
      expiresAt: leaf.validToDate.getTime(),
      sha1: leaf.fingerprint,
      sha256: leaf.fingerprint256,
      keyPin: `sha256//${Buffer.from(keyDigest(leaf), "hex").toString("base64")}`,
    },
  ]);
});
