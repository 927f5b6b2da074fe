import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, test } from "node:test";
import {
  aSignerCertificate,
  ecKeys,
  type SignerCertificate,
  tlv,
} from "@contentlib/testkit/ovf/signer-certificate";
import {
  codes,
  fileOf,
  judge,
  MANIFEST,
  MIDDLE,
  NOW,
  ROOT,
  SIGNER,
} from "@contentlib/testkit/ovf/signer-rig";
import type { CertificateFile } from "./certificate-file.ts";
import { judgeSigner } from "./judge-signer.ts";

describe("a signer", () => {
  test("with a chain to a trusted authority raises nothing", async () => {
    const { verdict, findings } = await judge({ file: fileOf(SIGNER, [MIDDLE]), trusted: [ROOT] });
    assert.deepEqual(findings, []);
    assert.equal(verdict?.fits, true);
    assert.deepEqual(
      [verdict?.signer.subject, verdict?.signer.issuer, verdict?.signer.selfSigned],
      ["/CN=signer", "/CN=middle", false],
    );
    assert.ok(ROOT.der.equals(verdict?.anchor?.der ?? assert.fail()));
    assert.equal(verdict?.anchor?.selfSigned, true);
    assert.deepEqual(
      verdict?.chain.map(({ subject }) => subject),
      ["/CN=signer", "/CN=middle"],
    );
    assert.deepEqual(verdict?.signer.notAfter, new Date("2034-01-01T00:00:00Z"));
  });
  test("is vouched for by an authority that is not a root, and by itself", async () => {
    assert.deepEqual(await codes({ file: fileOf(SIGNER), trusted: [MIDDLE] }), []);
    assert.deepEqual(await codes({ file: fileOf(SIGNER), trusted: [SIGNER] }), []);
    const self = aSignerCertificate();
    assert.deepEqual(await codes({ file: fileOf(self), trusted: [self] }), []);
    const { verdict } = await judge({ file: fileOf(self), trusted: [self] });
    assert.equal(verdict?.signer.selfSigned, true);
  });
  test("finds the middle among the trusted certificates too", async () => {
    assert.deepEqual(await codes({ file: fileOf(SIGNER), trusted: [ROOT, MIDDLE] }), []);
  });
  test("that nobody vouches for", async () => {
    for (const trusted of [[], [aSignerCertificate({ commonName: "root", authority: true })]]) {
      const file = fileOf(SIGNER, [MIDDLE, ROOT]);
      const { verdict, findings } = await judge({ file, trusted });
      assert.deepEqual(
        findings.map(({ code, subject, actual }) => [code, subject, actual]),
        [["certificate.untrusted", "/CN=signer", "no path leads to one"]],
      );
      assert.equal(verdict?.anchor, null);
    }
  });
  test("that signed itself", async () => {
    assert.deepEqual(await codes({ file: fileOf(aSignerCertificate()) }), [
      "certificate.self_signed",
      "certificate.untrusted",
    ]);
  });
  test("that names itself as issuer, but is signed by another key", async () => {
    const file = fileOf(aSignerCertificate({ isForged: true }));
    assert.deepEqual(await codes({ file }), ["certificate.untrusted"]);
  });
});

describe("the signature", () => {
  test("does not fit when the manifest or the key is another", async () => {
    const differs = async (altered: Partial<CertificateFile>): Promise<void> => {
      const file = fileOf(SIGNER, [MIDDLE], altered);
      const { verdict, findings } = await judge({ file, trusted: [ROOT] });
      assert.deepEqual(
        findings.map(({ code, place }) => [code, place]),
        [["certificate.signature_differs", { line: 1 }]],
      );
      assert.equal(verdict?.fits, false);
    };
    await differs({ signature: sign("sha256", Buffer.from("other"), SIGNER.keys.privateKey) });
    await differs({ signature: sign("sha256", MANIFEST, ROOT.keys.privateKey) });
    await differs({ algorithm: "SHA512" });
    await differs({ signature: new Uint8Array() });
    await differs({ signature: new Uint8Array(2048) });
    await differs({ signature: Buffer.from("3006020100020100", "hex") });
    await differs({ signature: Buffer.concat([fileOf(SIGNER).signature, Buffer.of(0)]) });
  });
  for (const curve of ["P-256", "P-384", "P-521"])
    test(`of ECDSA on ${curve}`, async () => {
      const signer = aSignerCertificate({ keys: ecKeys(curve) });
      assert.deepEqual(await codes({ file: fileOf(signer), trusted: [signer] }), []);
    });
  test("of RSA, and of RSA-PSS with its salts", async () => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const signer = aSignerCertificate({ keys });
    assert.deepEqual(await codes({ file: fileOf(signer), trusted: [signer] }), []);
    const pss = aSignerCertificate({
      keys: generateKeyPairSync("rsa-pss", { modulusLength: 2048 }),
      issuer: ROOT,
    });
    for (const saltLength of [32, 222]) {
      const signature = sign("sha256", MANIFEST, { key: pss.keys.privateKey, saltLength });
      assert.deepEqual(await codes({ file: fileOf(pss, [], { signature }), trusted: [pss] }), []);
    }
    const options = { modulusLength: 2048, hashAlgorithm: "sha256", mgf1HashAlgorithm: "sha256" };
    const bound = aSignerCertificate({
      keys: generateKeyPairSync("rsa-pss", options),
      issuer: ROOT,
    });
    const signature = sign("sha256", MANIFEST, { key: bound.keys.privateKey, saltLength: 32 });
    assert.deepEqual(await codes({ file: fileOf(bound, [], { signature }), trusted: [bound] }), []);
    const otherHash = { algorithm: "SHA512", signature } as const;
    assert.deepEqual(await codes({ file: fileOf(bound, [], otherHash), trusted: [bound] }), [
      "certificate.signature_differs",
    ]);
  });
  test("is weak with SHA-1, and with a short key", async () => {
    const keys = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const signer = aSignerCertificate({ keys });
    const signature = sign("sha1", MANIFEST, keys.privateKey);
    const { verdict, findings } = await judge({
      file: fileOf(signer, [], { algorithm: "SHA1", signature }),
      trusted: [signer],
    });
    assert.deepEqual(
      findings.map(({ code, actual }) => [code, actual]),
      [
        ["certificate.weak", "SHA-1"],
        ["certificate.weak", "a key of RSA of 1024 bits"],
      ],
    );
    assert.equal(verdict?.fits, true);
    const linked = aSignerCertificate({ issuer: ROOT, hash: "sha1" });
    assert.deepEqual(await codes({ file: fileOf(linked), trusted: [ROOT] }), ["certificate.weak"]);
    const rooted = aSignerCertificate({ hash: "sha1" });
    assert.deepEqual(await codes({ file: fileOf(rooted), trusted: [rooted] }), []);
  });
});

test("the line of the signature names the manifest", async () => {
  const judged = async (manifestName: string): Promise<unknown> => {
    const judgement = { manifestName, now: NOW, trusted: [ROOT.der] };
    const { findings } = await judgeSigner(fileOf(SIGNER, [MIDDLE]), MANIFEST, judgement);
    return findings.map(({ code, place, expected, actual }) => [code, place, expected, actual]);
  };
  assert.deepEqual(await judged("x.mf"), []);
  assert.deepEqual(await judged("y.mf"), [
    ["certificate.names_another", { line: 1 }, "y.mf", "x.mf"],
  ]);
});

describe("keys that are not checked", () => {
  const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = RSA.publicKey.export({ format: "jwk" });
  const number = (value: Uint8Array): Buffer => tlv(0x02, Buffer.of(0), value);
  const modulus = Buffer.from(jwk.n ?? "", "base64url");
  const exponent = Buffer.from(jwk.e ?? "", "base64url");
  const rsaSpki = (n: Uint8Array, e: Uint8Array): Buffer => {
    const bits = tlv(0x03, Buffer.of(0), tlv(0x30, number(n), number(e)));
    const algorithm = tlv(0x30, tlv(0x06, Buffer.from("2a864886f70d010101", "hex")), tlv(0x05));
    return tlv(0x30, algorithm, bits);
  };
  /** A signer with a key that nobody has. */
  const withSpki = (spki: Buffer): SignerCertificate => {
    const publicKey = Object.assign(Object.create(RSA.publicKey), { export: () => spki });
    return aSignerCertificate({ keys: { ...RSA, publicKey }, issuer: ROOT });
  };
  const refusal = async (spki: Buffer): Promise<string | null> => {
    const { findings } = await judge({ file: fileOf(withSpki(spki)), trusted: [ROOT] });
    assert.ok(findings.length <= 1);
    const [finding] = findings;
    if (finding !== undefined) assert.equal(finding.code, "certificate.key_refused");
    return finding?.actual ?? null;
  };

  test("RSA that is too short or too long", async () => {
    assert.equal(await refusal(rsaSpki(modulus, exponent)), null);
    const odd = (bytes: number): Buffer => Buffer.alloc(bytes, 0xff);
    assert.equal(await refusal(rsaSpki(odd(127), exponent)), "RSA of 1016 bits");
    assert.equal(
      await refusal(rsaSpki(Buffer.concat([Buffer.of(1), odd(2048)]), exponent)),
      "RSA of 16385 bits",
    );
    const just = await judge({ file: fileOf(withSpki(rsaSpki(odd(2048), exponent))) });
    assert.deepEqual(just.findings[0]?.code, "certificate.signature_differs");
  });
  test("RSA with an exponent that is work, or that signs nothing", async () => {
    const wrong = async (e: number[]): Promise<string | null> =>
      await refusal(rsaSpki(modulus, Buffer.from(e)));
    assert.equal(await wrong([1, 0, 0, 0, 1]), "RSA with an exponent of 33 bits");
    for (const e of [[1], [0], [2], [1, 0, 0]])
      assert.equal(await wrong(e), "RSA with an exponent that signs nothing");
    const just = await judge({
      file: fileOf(withSpki(rsaSpki(modulus, Buffer.from("ffffffff", "hex")))),
    });
    assert.equal(just.findings[0]?.code, "certificate.signature_differs");
    const even = Buffer.concat([modulus.subarray(0, -1), Buffer.of(2)]);
    assert.equal(await refusal(rsaSpki(even, exponent)), "RSA with an even modulus");
  });
  test("other curves and algorithms", async () => {
    const spki = (type: "ec" | "ed25519"): Buffer =>
      (type === "ec" ? ecKeys("secp256k1") : generateKeyPairSync("ed25519")).publicKey.export({
        type: "spki",
        format: "der",
      });
    assert.equal(await refusal(spki("ec")), "ECDSA on the curve 1.3.132.0.10");
    assert.equal(await refusal(spki("ed25519")), "a key of the algorithm 1.3.101.112");
  });
  test("a point that is not on its curve fits nothing", async () => {
    const spki = ecKeys().publicKey.export({ type: "spki", format: "der" });
    spki.fill(0xff, spki.length - 10);
    const { findings } = await judge({ file: fileOf(withSpki(spki)), trusted: [ROOT] });
    assert.deepEqual(
      findings.map(({ code }) => code),
      ["certificate.signature_differs"],
    );
  });
});

describe("times", () => {
  const signer = aSignerCertificate({
    validFrom: new Date("2025-01-01T00:00:00Z"),
    validUntil: new Date("2025-12-31T00:00:00Z"),
    issuer: ROOT,
  });
  const at = async (now: string): Promise<unknown> => {
    const { findings } = await judge({ file: fileOf(signer), trusted: [ROOT], now: new Date(now) });
    return findings.map(({ code, subject, expected, actual }) => [code, subject, expected, actual]);
  };
  test("are kept to the second", async () => {
    assert.deepEqual(await at("2025-01-01T00:00:00Z"), []);
    assert.deepEqual(await at("2025-12-31T00:00:00Z"), []);
    assert.deepEqual(await at("2024-12-31T23:59:59Z"), [
      [
        "certificate.not_yet_valid",
        "/CN=signer",
        "2025-01-01T00:00:00.000Z",
        "2024-12-31T23:59:59.000Z",
      ],
    ]);
    assert.deepEqual(await at("2025-12-31T00:00:01Z"), [
      ["certificate.expired", "/CN=signer", "2025-12-31T00:00:00.000Z", "2025-12-31T00:00:01.000Z"],
    ]);
  });
  test("hold for every member of the path", async () => {
    const old = { validUntil: new Date("2025-01-01T00:00:00Z") };
    const middle = aSignerCertificate({
      commonName: "middle",
      authority: true,
      issuer: ROOT,
      ...old,
    });
    const below = aSignerCertificate({ issuer: middle });
    const { findings } = await judge({ file: fileOf(below, [middle]), trusted: [ROOT] });
    assert.deepEqual(
      findings.map(({ code, subject }) => [code, subject]),
      [["certificate.expired", "/CN=middle"]],
    );
    const untrusted = await codes({ file: fileOf(below, [middle]) });
    assert.deepEqual(untrusted, ["certificate.expired", "certificate.untrusted"]);
    const root = aSignerCertificate({ commonName: "root", authority: true, ...old });
    const signed = aSignerCertificate({ issuer: root });
    assert.deepEqual(await codes({ file: fileOf(signed), trusted: [root] }), [
      "certificate.expired",
    ]);
  });
  test("of two ways the one that is valid is taken", async () => {
    const keys = ecKeys();
    const of = { commonName: "middle", authority: true, keys, issuer: ROOT };
    const old = aSignerCertificate({ ...of, validUntil: new Date("2025-01-01T00:00:00Z") });
    const renewed = aSignerCertificate(of);
    const below = aSignerCertificate({ issuer: renewed });
    for (const chain of [
      [old, renewed],
      [renewed, old],
    ])
      assert.deepEqual(await codes({ file: fileOf(below, chain), trusted: [ROOT] }), []);
  });
});

test("names are shown so that no part can pass for another", async () => {
  const shown = async (commonName: string): Promise<string | undefined> => {
    const { verdict } = await judge({ file: fileOf(aSignerCertificate({ commonName })) });
    return verdict?.signer.subject;
  };
  assert.equal(await shown("a/O=Microsoft"), String.raw`/CN=a\/O=Microsoft`);
  assert.equal(await shown(String.raw`a\b`), String.raw`/CN=a\\b`);
  assert.equal(await shown("a\u202Eb\n"), String.raw`/CN=a\u{202E}b\u{A}`);
  assert.equal(await shown("<b>Müller</b>"), String.raw`/CN=<b>Müller<\/b>`);
});
