import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import {
  aSignerCertificate,
  type SignerCertificate,
} from "@contentlib/testkit/ovf/signer-certificate";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { openPackageRig, pushAll, typed } from "@contentlib/testkit/rigs/package-rig";
import { refusedWith, type SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { WarningType } from "../../domain/package.ts";

const DISK = "vm-disk1.vmdk";
const SIGNER = aSignerCertificate();
const SIGNED = packageFiles({ signers: [SIGNER] });
const CHAIN = [SIGNER.der.toString("base64")];

const policyIdOf = async (rig: SessionRig): Promise<string> => {
  const [policy] = await rig.handlers["securityPolicy.list"]({}, aCall());
  return policy?.policy ?? "";
};

const updateLibrary = async (rig: SessionRig, update_spec: object): Promise<void> => {
  const { library_id } = await rig.item();
  await rig.handlers["library.update"]({ library_id, update_spec }, aCall());
};

/** A rig whose library has the strict policy, and which trusts those. */
const secured = async (...trusted: readonly SignerCertificate[]): Promise<SessionRig> => {
  const rig = await openPackageRig();
  await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
  for (const { pem } of trusted)
    await rig.handlers["trustedCertificate.create"]({ spec: { cert_text: pem } }, aCall());
  return rig;
};

const shown = async (rig: SessionRig, library_item_id = rig.itemId) => {
  const item = await rig.handlers["item.get"]({ library_item_id }, aCall());
  return [item.security_compliance, item.certificate_verification_info];
};

const ignoreAll = async (rig: SessionRig): Promise<void> => {
  const types: readonly WarningType[] = [
    "SELF_SIGNED_CERTIFICATE",
    "EXPIRED_CERTIFICATE",
    "NOT_YET_VALID_CERTIFICATE",
    "UNTRUSTED_CERTIFICATE",
  ];
  const warning_behavior = types.map((type) => ({ type, ignored: true }));
  await rig.handlers["updateSession.update"](
    { update_session_id: rig.sessionId, update_spec: { warning_behavior } },
    aCall(),
  );
};

const VERIFIED = [true, { status: "VERIFIED", cert_chain: CHAIN }];

describe("S74: a library with the strict policy", () => {
  test("takes one whose manifest calls a file as the descriptor's address of it does", async () => {
    const rig = await secured(SIGNER);
    const wish = { disks: { "vm%20disk.vmdk": "bytes" }, signers: [SIGNER] } as const;
    const { "vm%20disk.vmdk": disk = "", ...rest } = packageFiles(wish);
    await pushAll(rig, { ...rest, "vm disk.vmdk": disk });
    await rig.complete();
    assert.deepEqual(await shown(rig), VERIFIED);
  });

  test("does not take one whose trust is taken away while its bytes are made permanent", async () => {
    let certificate = "";
    const rig: SessionRig = await openPackageRig((storage) => ({
      ...storage,
      blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
        if (certificate !== "" && verb === "promote") {
          const gone = { certificate };
          certificate = "";
          await rig.handlers["trustedCertificate.delete"](gone, aCall());
        }
        return await proceed();
      }),
    }));
    await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
    const spec = { cert_text: SIGNER.pem };
    const trusted = await rig.handlers["trustedCertificate.create"]({ spec }, aCall());
    await pushAll(rig, SIGNED);
    certificate = trusted;
    await refusedWith("update_session.preview_warnings", rig.complete());
    assert.equal((await rig.session()).state, "ERROR");
    assert.deepEqual(await rig.itemFiles(), []);
    assert.deepEqual(await rig.staged(), []);
  });

  test("takes a package that is signed by one who is trusted, and says so", async () => {
    const rig = await secured(SIGNER);
    assert.deepEqual(await shown(rig), [false, { status: "NOT_AVAILABLE" }]);
    await rig.fill(SIGNED);
    assert.deepEqual(await shown(rig), VERIFIED);
    await updateLibrary(rig, { unset_security_policy_id: true });
    assert.deepEqual(await shown(rig), [true, undefined]);
  });

  test("trusts by a path, too", async () => {
    const root = aSignerCertificate({ commonName: "root", authority: true, keyUsage: 0x04 });
    const middle = aSignerCertificate({ commonName: "middle", authority: true, issuer: root });
    const leaf = aSignerCertificate({ commonName: "leaf", issuer: middle });
    const rig = await secured(root);
    await rig.fill(packageFiles({ signers: [leaf, middle] }));
    const [isCompliant, info] = await shown(rig);
    assert.equal(isCompliant, true);
    assert.ok(typeof info === "object");
    assert.deepEqual(
      info.cert_chain,
      [leaf, middle].map(({ der }) => der.toString("base64")),
    );
  });

  const expired = aSignerCertificate({ validUntil: new Date("2025-01-01T00:00:00Z") });
  const sum = "SHA256";
  const CASES: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    readonly SignerCertificate[],
    RegExp,
  ])[] = [
    ["nobody signed", packageFiles(), [SIGNER], /: it is not signed\./],
    ["nobody trusted signed", SIGNED, [], /No trusted certificate/],
    [
      "one signed whose time is over",
      packageFiles({ signers: [expired] }),
      [expired],
      /valid until/,
    ],
    [
      "a weak digest alone protects",
      packageFiles({ signers: [SIGNER], algorithm: "SHA1" }),
      [SIGNER],
      /has no line for vm\.ovf with SHA256 or SHA512|does not cover every file/,
    ],
    [
      "a file came to that nobody signed",
      { ...SIGNED, "surplus.iso": "bytes" },
      [SIGNER],
      /no line for surplus\.iso/,
    ],
  ];
  for (const [what, files, trusted, why] of CASES)
    test(`refuses, in complete and for good, what ${what}; its reason stands in the session`, async () => {
      const rig = await secured(...trusted);
      await pushAll(rig, files);
      await ignoreAll(rig);
      const text = await refusedWith("security_policy.content_refused", rig.complete());
      assert.match(text, why);
      const { state, error_message } = await rig.session();
      assert.equal(state, "ERROR");
      assert.equal(error_message?.default_message, text);
      assert.deepEqual(await rig.itemFiles(), []);
    });

  test("refuses a signature over a file that is not needed and not there", async () => {
    const { "vm.ovf": descriptor = "", [DISK]: disk = "" } = SIGNED;
    const { manifestLine } = await import("@contentlib/testkit/ovf/package-files");
    const { certificateFileOf } = await import("@contentlib/testkit/ovf/signer-certificate");
    const manifest = [
      manifestLine(sum, "vm.ovf", descriptor),
      manifestLine(sum, DISK, disk),
      manifestLine(sum, "gone.iso", "gone"),
    ].join("");
    const bytes = Buffer.from(manifest);
    const rig = await secured(SIGNER);
    await pushAll(rig, {
      "vm.mf": manifest,
      "vm.cert": certificateFileOf({ name: "vm.mf", bytes }, [SIGNER]),
      "vm.ovf": descriptor,
      [DISK]: disk,
    });
    const text = await refusedWith("security_policy.content_refused", rig.complete());
    assert.match(text, /names gone\.iso/);
  });
});

describe("S97: what was verified", () => {
  const accepted = async (): Promise<SessionRig> => {
    const rig = await openPackageRig();
    await pushAll(rig, SIGNED);
    await ignoreAll(rig);
    await rig.complete();
    return rig;
  };

  test("is shown where a policy asks afterwards, with what was found then", async () => {
    const rig = await accepted();
    assert.deepEqual(await shown(rig), [true, undefined]);
    await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
    assert.deepEqual(await shown(rig), [false, { status: "UNTRUSTED", cert_chain: CHAIN }]);
  });

  test("is a failure where the signature fits, and not all of the files are covered", async () => {
    const rig = await openPackageRig();
    await pushAll(rig, { ...SIGNED, "surplus.iso": "bytes" });
    await ignoreAll(rig);
    await rig.complete();
    await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
    const [, info] = await shown(rig);
    assert.ok(typeof info === "object");
    assert.equal(info.status, "VERIFICATION_FAILURE");
  });

  test("goes with the next content, and comes back with a rollback", async () => {
    const rig = await secured(SIGNER);
    await rig.fill(SIGNED);
    await updateLibrary(rig, { unset_security_policy_id: true });
    await rig.openSession();
    await rig.fill({ "notes.txt": "nobody signed this" });
    await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
    assert.deepEqual(await shown(rig), [false, { status: "NOT_AVAILABLE" }]);
    await rig.handlers["itemVersion.rollback"]({ library_item: rig.itemId, version: "2" }, aCall());
    assert.deepEqual(await shown(rig), VERIFIED);
    const back = rig.handlers["itemVersion.rollback"](
      { library_item: rig.itemId, version: "3" },
      aCall(),
    );
    await refusedWith("security_policy.content_refused", back);
  });

  test("goes with a copy, also into a library with the policy, but not under another type", async () => {
    const rig = await secured(SIGNER);
    await rig.fill(SIGNED);
    const { library_id } = await rig.item();
    const copy = async (name: string, type?: string): Promise<string> =>
      await rig.handlers["item.copy"](
        {
          source_library_item_id: rig.itemId,
          destination_create_spec: { library_id, name, ...(type === undefined ? {} : { type }) },
        },
        aCall(),
      );
    assert.deepEqual(await shown(rig, await copy("same")), VERIFIED);
    const plain = await copy("plain", "files");
    assert.deepEqual(await shown(rig, plain), [true, undefined]);
  });

  test("a copy of what nobody verified is refused there", async () => {
    const rig = await openPackageRig();
    await typed(rig, "ovf");
    await rig.fill(packageFiles());
    await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
    const { library_id } = await rig.item();
    const copy = rig.handlers["item.copy"](
      {
        source_library_item_id: rig.itemId,
        destination_create_spec: { library_id, name: "copy" },
      },
      aCall(),
    );
    assert.match(await refusedWith("security_policy.content_refused", copy), /it is not signed/);
  });
});
