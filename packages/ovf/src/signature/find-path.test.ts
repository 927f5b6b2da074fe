import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  aSignerCertificate,
  ecKeys,
  extension,
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
import fc from "fast-check";
import type { FindingCode } from "../finding-codes.ts";
import { CHAIN_LENGTH_MAX, LINK_CHECKS_MAX } from "../limits.ts";
import { judgeSigner } from "./judge-signer.ts";

const CODE = "2b06010505070303";
const TLS = "2b06010505070301";
const ANY = "551d2500";

/** A signer under authorities, the topmost first. */
const chainOf = (length: number): SignerCertificate[] =>
  Array.from({ length }).reduce<SignerCertificate[]>((chain, _, at) => {
    const [below] = chain;
    const wish = { commonName: `c${at}`, ...(at < length - 1 ? { authority: true } : {}) };
    return [aSignerCertificate(below === undefined ? wish : { ...wish, issuer: below }), ...chain];
  }, []);

describe("nobody is vouched for", () => {
  const untrusted = async (
    chain: readonly [SignerCertificate, ...SignerCertificate[]],
    reason = "no path leads to one",
  ): Promise<void> => {
    const [signer, ...others] = chain;
    const { verdict, findings } = await judge({ file: fileOf(signer, others), trusted: [ROOT] });
    assert.deepEqual(
      findings.map(({ code, actual }) => [code, actual]),
      [["certificate.untrusted", reason]],
    );
    assert.equal(verdict?.anchor, null);
  };
  const trusted = async (
    chain: readonly [SignerCertificate, ...SignerCertificate[]],
  ): Promise<void> => {
    const [signer, ...others] = chain;
    assert.deepEqual(await codes({ file: fileOf(signer, others), trusted: [ROOT] }), []);
  };
  const below = (
    wish: Parameters<typeof aSignerCertificate>[0],
  ): [SignerCertificate, SignerCertificate] => {
    const middle = aSignerCertificate({ commonName: "middle", issuer: ROOT, ...wish });
    return [aSignerCertificate({ issuer: middle }), middle];
  };

  test("by what is no authority", async () => {
    await untrusted(below({}));
    await untrusted(below({ authority: false }));
    await trusted(below({ authority: true }));
  });
  test("by an authority whose key may not sign certificates", async () => {
    await untrusted(below({ authority: true, keyUsage: 0x80 }));
    await trusted(below({ authority: true, keyUsage: 0x84 }));
  });
  test("by an authority for other purposes", async () => {
    await untrusted(below({ authority: true, purposes: [TLS] }));
    await trusted(below({ authority: true, purposes: [TLS, CODE] }));
  });
  test("by an authority with constraints that are not kept", async () => {
    const constraints = extension("551d1e", tlv(0x30));
    await untrusted(below({ authority: true, extensions: [constraints] }));
    await untrusted(below({ authority: true, extensions: [extension("2a0304", tlv(0x05), true)] }));
    await trusted(below({ authority: true, extensions: [extension("2a0304", tlv(0x05))] }));
  });
  test("by a name without a signature", async () => {
    await untrusted(below({ authority: true, isForged: true }));
    const [, middle] = below({ authority: true });
    await untrusted([aSignerCertificate({ issuer: middle, isForged: true }), middle]);
    const another = aSignerCertificate({ commonName: "middle", authority: true });
    await untrusted([aSignerCertificate({ issuer: another }), middle]);
  });
  test("whose key is for something else", async () => {
    const usage = "its key usage has no digital signature";
    await untrusted([aSignerCertificate({ issuer: ROOT, keyUsage: 0x20 })], usage);
    await trusted([aSignerCertificate({ issuer: ROOT, keyUsage: 0x80 })]);
    const purpose = "its extended key usage has no code signing";
    await untrusted([aSignerCertificate({ issuer: ROOT, purposes: [TLS] })], purpose);
    await trusted([aSignerCertificate({ issuer: ROOT, purposes: [TLS, CODE] })]);
    await trusted([aSignerCertificate({ issuer: ROOT, purposes: [ANY] })]);
    const unknown = [extension("2a0304", tlv(0x05), true)];
    await untrusted(
      [aSignerCertificate({ issuer: ROOT, extensions: unknown })],
      "its extension 1.2.3.4 is not known here",
    );
  });
  test("beyond the length that an authority allows", async () => {
    const short = aSignerCertificate({
      commonName: "short",
      authority: { pathLength: 0 },
      issuer: ROOT,
    });
    await trusted([aSignerCertificate({ issuer: short }), short]);
    const middle = aSignerCertificate({ commonName: "middle", authority: true, issuer: short });
    await untrusted([aSignerCertificate({ issuer: middle }), middle, short]);
    const longer = aSignerCertificate({
      commonName: "short",
      authority: { pathLength: 1 },
      issuer: ROOT,
      keys: short.keys,
    });
    await trusted([aSignerCertificate({ issuer: middle }), middle, longer]);
  });
  test("over too long a path", async () => {
    const trustedAt = async (length: number): Promise<FindingCode[]> => {
      const [signer = assert.fail(), ...others] = chainOf(length);
      return await codes({ file: fileOf(signer, others), trusted: others.slice(-1) });
    };
    assert.deepEqual(await trustedAt(CHAIN_LENGTH_MAX), []);
    assert.deepEqual(await trustedAt(CHAIN_LENGTH_MAX + 1), ["certificate.untrusted"]);
  });
});

describe("crafted files", () => {
  test("of ten authorities with one name, the one that fits is found", async () => {
    const many = Array.from({ length: 8 }, () =>
      aSignerCertificate({ commonName: "middle", authority: true, issuer: ROOT }),
    );
    const signer = aSignerCertificate({ issuer: many[5]! });
    assert.deepEqual(await codes({ file: fileOf(signer, many), trusted: [ROOT] }), []);
    const roots = Array.from({ length: 30 }, () =>
      aSignerCertificate({ commonName: "root", authority: true }),
    );
    const trusted = [...roots, ROOT];
    assert.deepEqual(await codes({ file: fileOf(SIGNER, [MIDDLE]), trusted }), []);
  });
  test("no more signatures are checked than the limit allows", async () => {
    const roots = Array.from({ length: LINK_CHECKS_MAX }, () =>
      aSignerCertificate({ commonName: "root", authority: true }),
    );
    const file = fileOf(aSignerCertificate({ issuer: ROOT }));
    const just = [...roots.slice(1), ROOT];
    assert.deepEqual(await codes({ file, trusted: just }), []);
    assert.deepEqual(await codes({ file, trusted: [...roots, ROOT] }), ["certificate.untrusted"]);
  });
  test("of two ways the shorter may be forbidden", async () => {
    const keys = ecKeys();
    const of = { commonName: "middle", keys };
    const barred = aSignerCertificate({ ...of, issuer: ROOT });
    const upper = aSignerCertificate({ commonName: "upper", authority: true, issuer: ROOT });
    const allowed = aSignerCertificate({ ...of, authority: true, issuer: upper });
    const signer = aSignerCertificate({ issuer: allowed });
    const file = fileOf(signer, [barred, allowed, upper]);
    assert.deepEqual(await codes({ file, trusted: [ROOT] }), []);
  });
  test("loops end", async () => {
    const [a, b] = [ecKeys(), ecKeys()];
    const ofA = { commonName: "a", keys: a };
    const ofB = { commonName: "b", keys: b };
    const aByB = aSignerCertificate({ ...ofA, authority: true, issuer: ofB });
    const bByA = aSignerCertificate({ ...ofB, authority: true, issuer: ofA });
    const file = fileOf(aSignerCertificate({ issuer: ofA }), [aByB, bByA]);
    assert.deepEqual(await codes({ file, trusted: [ROOT] }), ["certificate.untrusted"]);
  });
  test("a mesh in which everybody signed everybody is looked through in no time", async () => {
    const keys = Array.from({ length: 10 }, () => ecKeys());
    const one = { commonName: "mesh" };
    const mesh = keys.map((own, at) =>
      aSignerCertificate({
        ...one,
        keys: own,
        authority: true,
        issuer: { ...one, keys: keys[(at + 1) % 10]! },
      }),
    );
    const trusted = keys
      .slice(0, 200)
      .map((own) => aSignerCertificate({ ...one, keys: own, authority: false }));
    const [signer = assert.fail(), ...others] = mesh;
    assert.deepEqual(await codes({ file: fileOf(signer, others), trusted }), [
      "certificate.untrusted",
    ]);
  });
  test("certificates that can not be read", async () => {
    const fault = async (...certificates: Uint8Array[]): Promise<string | null | undefined> => {
      const { verdict, findings } = await judge({ file: fileOf(SIGNER, [], { certificates }) });
      assert.equal(verdict, null);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["certificate.unreadable"],
      );
      return findings[0]?.actual;
    };
    assert.equal(await fault(new Uint8Array()), "it is no ASN.1");
    assert.equal(await fault(Buffer.from("hello")), "it is no ASN.1");
    assert.equal(
      await fault(Buffer.concat([SIGNER.der, Buffer.of(0)])),
      "something follows its end",
    );
    assert.equal(await fault(SIGNER.der.subarray(0, -1)), "it is no ASN.1");
    assert.equal(await fault(SIGNER.der, tlv(0x30)), "a SEQUENCE is missing in it");
    const twice = [extension("2a0304", tlv(0x05)), extension("2a0304", tlv(0x05))];
    assert.equal(
      await fault(aSignerCertificate({ extensions: twice }).der),
      "it has an extension twice",
    );
    const bomb = Array.from({ length: 5000 }).reduce<Buffer>(
      (inner) => tlv(0x30, inner),
      tlv(0x05),
    );
    assert.equal(await fault(bomb), "it is no ASN.1");
    assert.equal(
      await fault(tlv(0x30, ...Array.from({ length: 30_000 }, () => tlv(0x05)))),
      "it is no ASN.1",
    );
  });
  test("trusted certificates that can not be read trust nothing", async () => {
    const trusted = [Buffer.from("x"), ROOT.der];
    const judged = await judgeSigner(fileOf(SIGNER, [MIDDLE]), MANIFEST, { now: NOW, trusted });
    assert.deepEqual(judged.findings, []);
  });
  test("no bytes throw", async () => {
    const changes = fc.array(fc.tuple(fc.nat(SIGNER.der.length - 1), fc.nat(255)), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const der = Buffer.from(SIGNER.der);
        for (const [at, value] of changed) der[at] = value;
        await judge({ file: fileOf(SIGNER, [], { certificates: [der] }), trusted: [ROOT] });
      }),
      { numRuns: 500 },
    );
  });
});
