import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { manifestLine, packageFiles } from "@contentlib/testkit/ovf/package-files";
import { certificateFileOf, aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import {
  openPackageRig,
  previewOf,
  push,
  pushAll,
  sendAdded,
  validated,
} from "@contentlib/testkit/rigs/package-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const DISK = "vm-disk1.vmdk";
const LIE = "bytes of a fisk";
const READY = { status: "READY", refusal: null };

const hexOf = (algorithm: string, text: string): string =>
  createHash(algorithm).update(text).digest("hex");

describe("S91: a file that its manifest contradicts", () => {
  for (const [algorithm, name] of [
    ["SHA1", "sha1"],
    ["SHA256", "sha256"],
    ["SHA512", "sha512"],
  ] as const)
    test(`turns ERROR with its last byte, and says all there is to say, with ${algorithm}`, async () => {
      const rig = await openPackageRig();
      const files = packageFiles({ algorithm });
      const { [DISK]: disk = "", ...described } = files;
      for (const sent of Object.values(await pushAll(rig, described)))
        assert.deepEqual(sent, READY);
      const { status, refusal } = await push(rig, DISK, LIE);
      assert.equal(status, "ERROR");
      const [expected, actual] = [hexOf(name, disk), hexOf(name, LIE)];
      assert.match(
        refusal ?? "",
        new RegExp(`^File ${DISK} is refused\\. vm\\.mf:2: .*${expected}.*${actual}`),
      );
      assert.equal((await rig.session()).state, "ACTIVE");
      assert.deepEqual(await validated(rig), { missing: [], invalid: { [DISK]: refusal } });
      const text = await refusedWith("update_session.file_not_received", rig.complete());
      assert.ok(text.includes(refusal ?? "-"), text);
      assert.equal((await rig.session()).state, "ACTIVE");
    });

  test("can be sent again, and added again, in the same session", async () => {
    const rig = await openPackageRig();
    const { [DISK]: disk = "", ...described } = packageFiles();
    await pushAll(rig, described);
    const added = await rig.add(DISK);
    assert.equal((await sendAdded(rig, added, LIE)).status, "ERROR");
    assert.deepEqual(await sendAdded(rig, added, disk), READY);
    assert.equal((await push(rig, DISK, LIE)).status, "ERROR");
    assert.deepEqual(await push(rig, DISK, disk), READY);
    await rig.complete();
    assert.deepEqual(
      (await rig.itemFiles()).map(({ name }) => name),
      ["vm.ovf", DISK],
    );
    assert.deepEqual(await rig.staged(), []);
  });

  test("is hashed for the manifest while its bytes pass, and not read again", async () => {
    const verbs: string[] = [];
    const rig = await openPackageRig((storage) => ({
      ...storage,
      blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
        verbs.push(verb);
        return await proceed();
      }),
    }));
    const { [DISK]: disk = "", ...described } = packageFiles({ algorithm: "SHA512" });
    await pushAll(rig, described);
    verbs.length = 0;
    await push(rig, DISK, disk);
    assert.deepEqual(verbs, ["append", "finish"]);
    verbs.length = 0;
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    assert.deepEqual(verbs, []);
  });

  test("leaves nothing staged", async () => {
    const rig = await openPackageRig();
    const { [DISK]: _, ...described } = packageFiles();
    await pushAll(rig, described);
    const before = await rig.staged();
    await push(rig, DISK, LIE);
    assert.deepEqual(await rig.staged(), before);
  });

  test("is found in pieces as well, and by its declared checksum first", async () => {
    const rig = await openPackageRig();
    const { [DISK]: disk = "", ...described } = packageFiles({ algorithm: "SHA512" });
    await pushAll(rig, described);
    const added = await rig.add(DISK, { size: LIE.length });
    await rig.append(added, LIE.slice(0, 5));
    const rest = rig.append(added, LIE.slice(5), { offsetBytes: 5 });
    await refusedWith("transfer.file_refused", rest);
    assert.equal((await rig.file(DISK)).status, "ERROR");
    const checksum_info = { algorithm: "SHA256", checksum: hexOf("sha256", disk) } as const;
    const declared = await rig.add(DISK, { checksum_info });
    await refusedWith("transfer.checksum_mismatch", rig.send(declared, LIE));
    assert.deepEqual(await sendAdded(rig, declared, disk), READY);
  });

  test("is judged by the descriptor's size too, and by that of a descriptor that the item has", async () => {
    const rig = await openPackageRig();
    const files = packageFiles({ algorithm: null });
    await pushAll(rig, { "vm.ovf": files["vm.ovf"] ?? "" });
    const { status, refusal } = await push(rig, DISK, "short");
    assert.equal(status, "ERROR");
    assert.match(refusal ?? "", /vm-disk1\.vmdk has 5 bytes, the descriptor says 15\./);
    await push(rig, DISK, files[DISK] ?? "");
    await rig.complete();
    await rig.openSession();
    assert.equal((await push(rig, DISK, "longer than the descriptor says")).status, "ERROR");
    assert.deepEqual(await push(rig, DISK, LIE), READY);
    await rig.complete();
  });
});

describe("S92: a file that was READY", () => {
  for (const algorithm of ["SHA1", "SHA256", "SHA512"] as const)
    test(`turns ERROR with a manifest that comes later; the manifest's sender is answered well, with ${algorithm}`, async () => {
      const rig = await openPackageRig();
      const files = packageFiles({ algorithm });
      assert.deepEqual(await push(rig, DISK, LIE), READY);
      assert.deepEqual(await push(rig, "vm.mf", files["vm.mf"] ?? ""), READY);
      const { status, error_message } = await rig.file(DISK);
      assert.equal(status, "ERROR");
      assert.match(
        error_message?.default_message ?? "",
        /^File vm-disk1\.vmdk is refused\. vm\.mf:2:/,
      );
      assert.equal((await rig.staged()).length, 1, "the bytes of the disk went");
      assert.deepEqual(await push(rig, DISK, files[DISK] ?? ""), READY);
      assert.deepEqual(await push(rig, "vm.ovf", files["vm.ovf"] ?? ""), READY);
      await rig.complete();
    });

  test("turns ERROR with a descriptor that comes later", async () => {
    const rig = await openPackageRig();
    const files = packageFiles({ algorithm: null });
    assert.deepEqual(await push(rig, DISK, "short"), READY);
    assert.deepEqual(await push(rig, "vm.ovf", files["vm.ovf"] ?? ""), READY);
    assert.equal((await rig.file(DISK)).status, "ERROR");
    assert.equal((await rig.session()).state, "ACTIVE");
  });

  test("stays READY where the file that contradicts it is itself refused", async () => {
    const rig = await openPackageRig();
    const files = packageFiles();
    assert.deepEqual(await push(rig, DISK, LIE), READY);
    const manifest = `${files["vm.mf"] ?? ""}this is no line\n`;
    const { status, refusal } = await push(rig, "vm.mf", manifest);
    assert.equal(status, "ERROR");
    assert.match(refusal ?? "", /^File vm\.mf is refused\. vm\.mf:3: /);
    assert.equal((await rig.file(DISK)).status, "READY");
  });

  test("a certificate turns ERROR with a manifest that it did not sign", async () => {
    const rig = await openPackageRig();
    const files = packageFiles({ signers: [aSignerCertificate()] });
    assert.deepEqual(await push(rig, "vm.cert", files["vm.cert"] ?? ""), READY);
    const other = manifestLine("SHA256", "vm.ovf", "something else");
    assert.deepEqual(await push(rig, "vm.mf", other), READY);
    const { status, error_message } = await rig.file("vm.cert");
    assert.equal(status, "ERROR");
    assert.match(error_message?.default_message ?? "", /does not fit the manifest/);
  });

  test("turns ERROR together with all others that are contradicted, in one commit", async () => {
    const commits: string[] = [];
    const { catalogAround } = await import("@contentlib/testkit/faults/catalog-around");
    const rig = await openPackageRig((storage) => ({
      ...storage,
      catalog: catalogAround(storage.catalog, async (name, proceed) => {
        commits.push(name);
        return await proceed();
      }),
    }));
    const disks = { "a.vmdk": "a", "b.vmdk": "b", "c.vmdk": "c" };
    const files = packageFiles({ disks });
    await pushAll(rig, { "a.vmdk": "x", "b.vmdk": "b", "c.vmdk": "y" });
    commits.length = 0;
    await push(rig, "vm.mf", files["vm.mf"] ?? "");
    const turning = commits.filter((name) => name.split("session-file.put").length > 2);
    assert.equal(turning.length, 1, commits.join("\n"));
    for (const [name, status] of [
      ["a.vmdk", "ERROR"],
      ["b.vmdk", "READY"],
      ["c.vmdk", "ERROR"],
      ["vm.mf", "READY"],
    ] as const)
      assert.equal((await rig.file(name)).status, status, name);
  });
});

describe("S91: a file that tells of others and is itself wrong", () => {
  const signer = aSignerCertificate();
  const files = packageFiles({ signers: [signer] });
  const manifest = { name: "vm.mf", bytes: Buffer.from(files["vm.mf"] ?? "") };
  const CASES: readonly (readonly [string, string, string, RegExp])[] = [
    ["a descriptor that is no XML", "vm.ovf", "no XML at all", /vm\.ovf:1:\d+: .*not well-formed/],
    [
      "a descriptor with a document type",
      "vm.ovf",
      '<!DOCTYPE x [<!ENTITY a "b">]><x/>',
      /document type/,
    ],
    ["a manifest with an unreadable line", "vm.mf", "SHA256 disk\n", /vm\.mf:1: /],
    ["a manifest of sha256sum", "vm.mf", `${"0".repeat(64)}  disk.vmdk\n`, /sha256sum/],
    [
      "a manifest that names a file twice",
      "vm.mf",
      manifestLine("SHA1", "a", "a").repeat(2),
      /vm\.mf:2: .*more than once/,
    ],
    ["a certificate without a signature", "vm.cert", signer.pem, /no line of the form/],
    [
      "a certificate for another manifest",
      "vm.cert",
      certificateFileOf({ ...manifest, name: "other.mf" }, [signer]),
      /the manifest is vm\.mf/,
    ],
    [
      "a signature that does not fit",
      "vm.cert",
      certificateFileOf({ ...manifest, bytes: Buffer.from("changed") }, [signer]),
      /signature does not fit the manifest/,
    ],
  ];
  for (const [what, name, content, said] of CASES)
    test(`${what} arrives whole and turns ERROR`, async () => {
      const rig = await openPackageRig();
      if (name === "vm.cert") await push(rig, "vm.mf", files["vm.mf"] ?? "");
      const { status, refusal } = await push(rig, name, content);
      assert.equal(status, "ERROR");
      assert.match(refusal ?? "", said);
      assert.equal((await validated(rig)).invalid[name], refusal);
      assert.equal((await rig.session()).state, "ACTIVE");
      assert.deepEqual(await push(rig, name, files[name] ?? ""), READY);
    });

  test("one beyond its limit is refused, and not read to its end", async () => {
    const rig = await openPackageRig();
    const huge = `<?xml version="1.0"?>${" ".repeat(6 * 1024 * 1024)}`;
    const { status, refusal } = await push(rig, "vm.ovf", huge);
    assert.equal(status, "ERROR");
    assert.match(refusal ?? "", /larger than 5242880 bytes/);
  });
});

test("S91: a file whose bytes are here already is judged when it is added", async () => {
  const rig = await openPackageRig();
  const files = packageFiles({ algorithm: "SHA512" });
  await pushAll(rig, files);
  await rig.complete();
  await rig.openSession();
  await rig.handlers["updateSessionFile.remove"](
    { update_session_id: rig.sessionId, file_name: "vm.ovf" },
    aCall(),
  );
  await push(rig, "vm.mf", files["vm.mf"] ?? "");
  const declared = (text: string) => ({
    size: Buffer.byteLength(text),
    checksum_info: { algorithm: "SHA256", checksum: hexOf("sha256", text) } as const,
  });
  // The descriptor's bytes under the name of the disk.
  const wrong = await rig.add(DISK, declared(files["vm.ovf"] ?? ""));
  assert.equal(wrong.status, "ERROR");
  assert.match(wrong.error_message?.default_message ?? "", /vm\.mf:2:/);
  const right = await rig.add(DISK, declared(files[DISK] ?? ""));
  assert.equal(right.status, "READY");
  const descriptor = await rig.add("vm.ovf", declared(files["vm.ovf"] ?? ""));
  assert.equal(descriptor.status, "READY");
  assert.deepEqual(await previewOf(rig), { state: "AVAILABLE", warnings: [] });
  await rig.complete();
});

test("plain items are judged by their declarations alone", async () => {
  const rig = await openPackageRig(undefined, "iso");
  await pushAll(rig, { "vm.ovf": "no XML", "vm.mf": "no line", "vm.cert": "nothing" });
  assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
  await rig.complete();
  assert.equal((await rig.itemFiles()).length, 3);
});

test("S69: what arrived and is wrong is told by validate, of plain items too; what did not arrive refuses it", async () => {
  const rig = await openPackageRig(undefined, "iso");
  const checksum_info = { algorithm: "MD5", checksum: "0".repeat(32) } as const;
  const wrong = await sendAdded(rig, await rig.add("a.iso", { checksum_info }), "bytes");
  assert.deepEqual(await validated(rig), { missing: [], invalid: { "a.iso": wrong.refusal } });
  const short = await rig.add("b.iso", { size: 10 });
  await refusedWith("update_session.file_not_received", validated(rig));
  assert.equal((await sendAdded(rig, short, "short")).status, "ERROR");
  await refusedWith("update_session.file_not_received", validated(rig));
});
