import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import {
  openPackageRig,
  previewOf,
  push,
  pushAll,
  validated,
} from "@contentlib/testkit/rigs/package-rig";
import { refusedWith, type SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { ItemId } from "../../domain/ids.ts";
import type { WarningType } from "../../domain/package.ts";

const DISK = "vm-disk1.vmdk";
const DAY_MS = 86_400_000;

const remove = async (rig: SessionRig, file_name: string): Promise<void> =>
  await rig.handlers["updateSessionFile.remove"](
    { update_session_id: rig.sessionId, file_name },
    aCall(),
  );

const ignoring = async (rig: SessionRig, ...types: WarningType[]): Promise<void> => {
  const warning_behavior = types.map((type) => ({ type, ignored: true }));
  await rig.handlers["updateSession.update"](
    { update_session_id: rig.sessionId, update_spec: { warning_behavior } },
    aCall(),
  );
};

const trust = async (rig: SessionRig, cert_text: string): Promise<void> => {
  await rig.handlers["trustedCertificate.create"]({ spec: { cert_text } }, aCall());
};

const warningsOf = async (rig: SessionRig) =>
  (await previewOf(rig))?.warnings?.map(({ type, ignored }) => [type, ignored]);

const namesOf = async (rig: SessionRig) => (await rig.itemFiles()).map(({ name }) => name);

describe("S18: the preview", () => {
  test("goes with the descriptor, and with what proves it", async () => {
    const rig = await openPackageRig();
    const files = packageFiles({ signers: [aSignerCertificate()] });
    const states: unknown[] = [(await previewOf(rig))?.state];
    const note = async (work: Promise<unknown>): Promise<void> => {
      await work;
      states.push((await previewOf(rig))?.state);
    };
    await note(push(rig, DISK, files[DISK] ?? ""));
    await note(push(rig, "vm.mf", files["vm.mf"] ?? ""));
    await note(rig.add("vm.cert"));
    const added = await rig.add("vm.ovf");
    await note(Promise.resolve());
    await note(rig.send(added, files["vm.ovf"] ?? ""));
    await note(push(rig, "vm.cert", files["vm.cert"] ?? ""));
    await note(push(rig, "vm.ovf", "no XML"));
    await note(remove(rig, "vm.ovf"));
    assert.deepEqual(states, [
      "UNAVAILABLE",
      "UNAVAILABLE",
      "UNAVAILABLE",
      "UNAVAILABLE",
      "PREPARING",
      "PREPARING",
      "AVAILABLE",
      "PREPARING",
      "UNAVAILABLE",
    ]);
  });

  test("waits while a file that it is made of is sent again", async () => {
    const rig = await openPackageRig();
    const files = packageFiles({ algorithm: null });
    await pushAll(rig, files);
    assert.equal((await previewOf(rig))?.state, "AVAILABLE");
    const slot = await rig.openUpload(await rig.file("vm.ovf"));
    assert.deepEqual(await previewOf(rig), { state: "PREPARING" });
    slot.close();
  });

  test("of content that is not signed has no warnings, and says so", async () => {
    const rig = await openPackageRig();
    await pushAll(rig, packageFiles());
    assert.deepEqual(await previewOf(rig), { state: "AVAILABLE", warnings: [] });
    await rig.complete();
    assert.equal(await previewOf(rig), undefined);
    await rig.openSession();
    assert.deepEqual(await previewOf(rig), { state: "AVAILABLE", warnings: [] });
  });

  test("of signed content shows who signed, and each warning with what was decided about it", async () => {
    const rig = await openPackageRig();
    const signer = aSignerCertificate();
    await pushAll(rig, packageFiles({ signers: [signer] }));
    const shown = await previewOf(rig);
    assert.deepEqual(shown?.certificate_info, {
      subject: "/CN=signer",
      issuer: "/CN=signer",
      self_signed: true,
      x509: signer.pem,
    });
    assert.deepEqual(shown?.cert_chain, [signer.der.toString("base64")]);
    assert.deepEqual(await warningsOf(rig), [
      ["SELF_SIGNED_CERTIFICATE", false],
      ["UNTRUSTED_CERTIFICATE", false],
    ]);
    await ignoring(rig, "UNTRUSTED_CERTIFICATE");
    assert.deepEqual(await warningsOf(rig), [
      ["SELF_SIGNED_CERTIFICATE", false],
      ["UNTRUSTED_CERTIFICATE", true],
    ]);
  });

  test("is not applicable where files mean nothing", async () => {
    const iso = await openPackageRig(undefined, "iso");
    assert.deepEqual(await previewOf(iso), { state: "NOT_APPLICABLE" });
  });

  test("survives a restart, and so does what the files say", async () => {
    const rig = await openPackageRig();
    const files = packageFiles({ signers: [aSignerCertificate()], algorithm: "SHA512" });
    const { [DISK]: disk = "", ...described } = files;
    await pushAll(rig, described);
    const before = await previewOf(rig);
    await rig.restart();
    assert.deepEqual(await previewOf(rig), before);
    assert.equal((await push(rig, DISK, "bytes of a fisk")).status, "ERROR");
    await push(rig, DISK, disk);
    await rig.restart();
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
  });
});

describe("S95: names", () => {
  test("what proves something is not added after the descriptor, but sent again it is", async () => {
    const rig = await openPackageRig();
    const files = packageFiles();
    await push(rig, "vm.mf", "no line");
    await rig.add("VM.OVF");
    for (const name of ["vm.cert", "other.MF"]) {
      const text = await refusedWith("update_session.metadata_too_late", rig.add(name));
      assert.match(text, /must be added before the descriptor VM\.OVF/);
    }
    assert.equal((await push(rig, "vm.mf", files["vm.mf"] ?? "")).status, "READY");
    await remove(rig, "VM.OVF");
    await rig.add("vm.cert");
  });

  test("there is one descriptor, also where the item has one", async () => {
    const rig = await openPackageRig();
    await rig.add("vm.ovf");
    const text = await refusedWith("update_session.second_descriptor", rig.add("other.OVF"));
    assert.match(text, /has the descriptor vm\.ovf already/);
    await pushAll(rig, packageFiles({ algorithm: null }));
    await rig.complete();
    await rig.openSession();
    await refusedWith("update_session.second_descriptor", rig.add("other.ovf"));
    await remove(rig, "vm.ovf");
    await rig.add("other.ovf");
    await refusedWith(
      "update_session.second_descriptor",
      rig.add("vm.ovf", { source_type: "NONE" }),
    );
  });

  test("a manifest may come to the descriptor that the item has", async () => {
    const rig = await openPackageRig();
    const files = packageFiles();
    await pushAll(rig, packageFiles({ algorithm: null }));
    await rig.complete();
    await rig.openSession();
    assert.equal((await push(rig, "vm.mf", files["vm.mf"] ?? "")).status, "READY");
    await rig.complete();
    assert.deepEqual(await namesOf(rig), ["vm.ovf", DISK]);
    await rig.openSession();
    const other = packageFiles({ disks: { [DISK]: "other bytes here" } });
    assert.equal((await push(rig, "vm.mf", other["vm.mf"] ?? "")).status, "READY");
    const { invalid } = await validated(rig);
    assert.deepEqual(Object.keys(invalid).sort(), ["vm.ovf", DISK].sort());
    assert.match(invalid[DISK] ?? "", /^File vm-disk1\.vmdk can not be used as it is\. vm\.mf:2:/);
    await refusedWith("update_session.file_unusable", rig.complete());
    assert.equal((await rig.session()).state, "ACTIVE");
  });
});

describe("S93: files that belong together", () => {
  test("those that the descriptor names and nobody added are missing, and complete says so and waits", async () => {
    const rig = await openPackageRig();
    const files = packageFiles({
      algorithm: null,
      disks: { "a.vmdk": "a", "b.vmdk": "b", "c.vmdk": "c" },
    });
    await push(rig, "vm.ovf", files["vm.ovf"] ?? "");
    await push(rig, "B.vmdk", "b");
    assert.deepEqual((await validated(rig)).missing, ["a.vmdk", "b.vmdk", "c.vmdk"]);
    const text = await refusedWith("update_session.file_not_received", rig.complete());
    assert.match(text, /File a\.vmdk .*WAITING_FOR_TRANSFER/);
    assert.equal((await rig.session()).state, "ACTIVE");
    assert.deepEqual(await rig.itemFiles(), []);
    await remove(rig, "B.vmdk");
    for (const name of ["a", "b", "c"]) await push(rig, `${name}.vmdk`, name);
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    await rig.complete();
    assert.deepEqual(await namesOf(rig), ["vm.ovf", "a.vmdk", "b.vmdk", "c.vmdk"]);
  });

  test("without a descriptor that is missing, under the name of the item", async () => {
    const rig = await openPackageRig();
    await push(rig, DISK, "bytes");
    assert.deepEqual(await validated(rig), { missing: ["debian.ovf"], invalid: {} });
    await refusedWith("update_session.file_not_received", rig.complete());
    await remove(rig, DISK);
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    await rig.complete();
    assert.equal((await rig.item()).content_version, "1");
  });

  test("a certificate without a manifest is invalid, though its bytes are right", async () => {
    const rig = await openPackageRig();
    const { "vm.mf": _, ...files } = packageFiles({ signers: [aSignerCertificate()] });
    await pushAll(rig, files);
    assert.equal((await rig.file("vm.cert")).status, "READY");
    const { invalid } = await validated(rig);
    assert.match(invalid["vm.cert"] ?? "", /no manifest that it could sign/);
    const text = await refusedWith("update_session.file_unusable", rig.complete());
    assert.ok(text.includes(invalid["vm.cert"] ?? "-"), text);
    assert.equal((await rig.session()).state, "ACTIVE");
  });

  test("a disk that is taken from a package leaves it incomplete", async () => {
    const rig = await openPackageRig();
    await pushAll(rig, packageFiles());
    await rig.complete();
    await rig.openSession();
    await remove(rig, DISK);
    assert.deepEqual(await validated(rig), { missing: [DISK], invalid: {} });
    await refusedWith("update_session.file_not_received", rig.complete());
    await remove(rig, "vm.ovf");
    await rig.complete();
    assert.deepEqual(await rig.itemFiles(), []);
  });

  test("an item that became a package with files that are none is completed only when they are one", async () => {
    const rig = await openPackageRig(undefined, "");
    await push(rig, "vm.ovf", "no XML");
    const update_spec = { type: "OVF" };
    await rig.handlers["item.update"]({ library_item_id: rig.itemId, update_spec }, aCall());
    assert.deepEqual(await previewOf(rig), { state: "PREPARING" });
    assert.match((await validated(rig)).invalid["vm.ovf"] ?? "", /not well-formed/);
    await refusedWith("update_session.file_unusable", rig.complete());
    await pushAll(rig, packageFiles({ algorithm: null }));
    await rig.complete();
  });
});

describe("S94: what proves something", () => {
  test("is told in the session as not kept, and does not come to the item; its bytes go", async () => {
    const rig = await openPackageRig();
    const signer = aSignerCertificate();
    await trust(rig, signer.pem);
    await pushAll(rig, packageFiles({ signers: [signer] }));
    for (const [name, kept] of [
      ["vm.mf", false],
      ["vm.cert", false],
      ["vm.ovf", undefined],
      [DISK, undefined],
    ] as const)
      assert.equal((await rig.file(name)).keep_in_storage, kept, name);
    await rig.complete();
    assert.deepEqual(await namesOf(rig), ["vm.ovf", DISK]);
    assert.deepEqual(await rig.staged(), []);
    assert.equal((await Array.fromAsync(rig.storage.blobs.list())).length, 2);
    assert.equal((await rig.file("vm.mf")).keep_in_storage, false);
  });
});

describe("S96: warnings", () => {
  test("one that is not ignored ends the session in complete, and says which and how to go on", async () => {
    const rig = await openPackageRig();
    await pushAll(rig, packageFiles({ signers: [aSignerCertificate()] }));
    await ignoring(rig, "SELF_SIGNED_CERTIFICATE");
    const text = await refusedWith("update_session.preview_warnings", rig.complete());
    assert.match(
      text,
      /not ignored \(UNTRUSTED_CERTIFICATE\): vm\.cert: No trusted .*warning_behavior/,
    );
    const { state, error_message } = await rig.session();
    assert.equal(state, "ERROR");
    assert.equal(error_message?.default_message, text);
    assert.deepEqual(await rig.itemFiles(), []);
    assert.deepEqual(await rig.staged(), []);
  });

  test("all ignored, the session is completed, and who ignored which is kept and told", async () => {
    const rig = await openPackageRig();
    const signer = aSignerCertificate({ validUntil: new Date("2025-01-01T00:00:00Z") });
    await pushAll(rig, packageFiles({ signers: [signer] }));
    assert.deepEqual(
      (await warningsOf(rig))?.map(([type]) => type),
      ["SELF_SIGNED_CERTIFICATE", "EXPIRED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"],
    );
    await ignoring(
      rig,
      "SELF_SIGNED_CERTIFICATE",
      "UNTRUSTED_CERTIFICATE",
      "EXPIRED_CERTIFICATE",
      "NOT_YET_VALID_CERTIFICATE",
    );
    await rig.complete();
    const { catalog } = rig.storage;
    const content = await catalog.findVerifiedContent(rig.itemId as ItemId, 2);
    const by = "administrator@vsphere.local";
    assert.deepEqual(content?.accepted, [
      { type: "SELF_SIGNED_CERTIFICATE", by },
      { type: "EXPIRED_CERTIFICATE", by },
      { type: "UNTRUSTED_CERTIFICATE", by },
    ]);
    const { entries } = await rig.handlers["audit.list"]({}, aCall());
    const told = entries.map(({ operation, changed }) => [operation, changed]);
    assert.deepEqual(told.find(([operation]) => operation === "updateSession.update")?.[1], [
      "ignored_self_signed_certificate",
      "ignored_expired_certificate",
      "ignored_not_yet_valid_certificate",
      "ignored_untrusted_certificate",
    ]);
    assert.deepEqual(told.find(([operation]) => operation === "updateSession.complete")?.[1], [
      "files",
      "ignored_self_signed_certificate",
      "ignored_expired_certificate",
      "ignored_untrusted_certificate",
      "completed",
    ]);
  });

  test("are judged again by complete: time goes on, and trust is taken away", async () => {
    const rig = await openPackageRig();
    const validUntil = new Date(rig.clock.now() + DAY_MS);
    const signer = aSignerCertificate({ validUntil });
    await trust(rig, signer.pem);
    await pushAll(rig, packageFiles({ signers: [signer] }));
    assert.deepEqual(await warningsOf(rig), []);
    for (let hour = 0; hour < 25 * 15; hour += 1) {
      await rig.clock.advance(DAY_MS / (24 * 15));
      await rig.handlers["updateSession.keepAlive"]({ update_session_id: rig.sessionId }, aCall());
    }
    assert.deepEqual(await warningsOf(rig), []);
    const text = await refusedWith("update_session.preview_warnings", rig.complete());
    assert.match(text, /\(EXPIRED_CERTIFICATE\)/);
  });

  test("a certificate that is not valid yet is warned of as well", async () => {
    const rig = await openPackageRig();
    const validFrom = new Date(rig.clock.now() + DAY_MS);
    const signer = aSignerCertificate({ validFrom });
    await trust(rig, signer.pem);
    await pushAll(rig, packageFiles({ signers: [signer] }));
    assert.deepEqual(await warningsOf(rig), [["NOT_YET_VALID_CERTIFICATE", false]]);
  });
});
