import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { tarMember } from "@contentlib/testkit/ovf/tar-writer";
import { aCall, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import {
  ARCHIVE_STORES,
  itemNames,
  listedIn,
  openDownloads,
  readFile,
  removeFrom,
  trustSigner,
  withArchiveRig,
} from "@contentlib/testkit/rigs/archive-rig";
import { previewOf, push, typed, validated } from "@contentlib/testkit/rigs/package-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const DISK = "vm-disk1.vmdk";
const READY = { status: "READY", refusal: null };
const SIGNER = aSignerCertificate();
const FILES = archivedFiles();
const SIGNED = archivedFiles({ signers: [SIGNER] });

const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

const nothingWrong = { missing: [], invalid: {} };

for (const { name: store, run } of ARCHIVE_STORES)
  describe(`an archive, ${store}`, () => {
    test("S120: appears as the files it holds, and is one file of the store", () =>
      run(async (rig) => {
        const ova = ovaOf(FILES);
        assert.deepEqual(await push(rig, "vm.ova", ova), READY);
        assert.deepEqual(await validated(rig), nothingWrong);
        await rig.complete();
        const shown = await rig.itemFiles();
        assert.deepEqual(
          shown.map(({ name, size, version, checksum_info }) => [
            name,
            size,
            version,
            checksum_info?.checksum,
          ]),
          ["vm.ovf", DISK].map((name) => [
            name,
            Buffer.byteLength(FILES[name] ?? ""),
            "1",
            sha256(FILES[name] ?? ""),
          ]),
        );
        const { size } = await rig.item();
        assert.equal(
          size,
          shown.reduce((sum, file) => sum + file.size, 0),
        );
        const stored = await Array.fromAsync(rig.storage.blobs.list());
        assert.deepEqual(
          stored.map(({ digest, sizeBytes }) => [digest, sizeBytes]),
          [[sha256(ova), ova.length]],
        );
        assert.deepEqual(await rig.staged(), []);
      }));

    test("S127: gives its members, ranges of them, and itself, byte for byte", () =>
      run(async (rig) => {
        const ova = ovaOf(SIGNED);
        await trustSigner(rig, SIGNER.pem);
        await push(rig, "vm.ova", ova);
        await rig.complete();
        const session = await openDownloads(rig);
        const listed = await rig.handlers["downloadSessionFile.list"](
          { download_session_id: session },
          aCall(),
        );
        assert.deepEqual(
          listed.map(({ name }) => name),
          ["vm.ovf", DISK],
        );
        for (const name of ["vm.ovf", DISK])
          assert.equal((await readFile(rig, { session, name })).toString(), FILES[name]);
        const part = await readFile(rig, { session, name: DISK }, { start: 3, endExclusive: 9 });
        assert.equal(part.toString(), FILES[DISK]?.slice(3, 9));
        assert.deepEqual(await readFile(rig, { session, name: "vm.ova" }), ova);
        const told = await rig.handlers["downloadSessionFile.get"](
          { download_session_id: session, file_name: DISK },
          aCall(),
        );
        assert.equal(told.checksum_info?.checksum, sha256(FILES[DISK] ?? ""));
        assert.equal(told.bytes_transferred, FILES[DISK]?.length);
      }));

    test("S91: is refused for a digest that its manifest does not have, and can be sent again", () =>
      run(async (rig) => {
        for (const algorithm of ["SHA1", "SHA256", "SHA512"] as const) {
          const files = archivedFiles({ algorithm });
          const { "vm.mf": manifest = "", ...rest } = { ...files, [DISK]: "bytes of a fisk" };
          for (const crooked of [
            { "vm.ovf": files["vm.ovf"] ?? "", "vm.mf": manifest, ...rest },
            { ...rest, "vm.mf": manifest },
          ]) {
            const { status, refusal } = await push(rig, "vm.ova", ovaOf(crooked));
            assert.equal(status, "ERROR");
            assert.match(
              refusal ?? "",
              new RegExp(
                `^File vm\\.ova is refused\\. vm\\.ova: vm\\.mf:2: ${DISK} .*${algorithm}`,
              ),
            );
            assert.deepEqual(await validated(rig), { missing: [], invalid: { "vm.ova": refusal } });
            assert.deepEqual(await previewOf(rig), { state: "PREPARING" });
            assert.deepEqual(await rig.staged(), []);
          }
          assert.deepEqual(await push(rig, "vm.ova", ovaOf(files)), READY);
          const { "vm.mf": last = "", ...before } = files;
          assert.deepEqual(await push(rig, "vm.ova", ovaOf({ ...before, "vm.mf": last })), READY);
          assert.deepEqual(await validated(rig), nothingWrong);
        }
        await rig.complete();
        assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK]);
      }));

    test("S124: that came in pieces over a restart is whole", () =>
      run(async (rig) => {
        const ova = ovaOf(archivedFiles({ algorithm: "SHA512" }));
        const file = await rig.add("vm.ova", { size: ova.length });
        const piece = (start: number, end: number) =>
          rig.append(file, sourceOf([ova.subarray(start, end)]), {
            offsetBytes: start,
            contentLengthBytes: end - start,
          });
        const inDisk = ova.indexOf("bytes of a disk") + 4;
        await piece(0, 700);
        await rig.restart();
        await piece(700, inDisk);
        await rig.restart();
        await piece(inDisk, ova.length);
        assert.deepEqual(await validated(rig), nothingWrong);
        await rig.complete();
        const session = await openDownloads(rig);
        assert.deepEqual(await readFile(rig, { session, name: "vm.ova" }), ova);
      }));

    test("S84: whose session expired is gone on with in another one, and is whole", () =>
      run(async (rig) => {
        const ova = ovaOf(FILES);
        for (const length of [900, ova.length]) {
          const file = await rig.add("vm.ova", { size: ova.length });
          const { bytes_transferred: start } = file;
          const piece = sourceOf([ova.subarray(start, length)]);
          const contentLengthBytes = length - start;
          await rig.append(file, piece, { offsetBytes: start, contentLengthBytes });
          await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
          await rig.rig.app.duties.expireSessions();
          await rig.openSession();
        }
        const file = await rig.add("vm.ova", { size: ova.length });
        assert.equal(file.bytes_transferred, ova.length);
        assert.equal((await rig.resume(file)).isComplete, true);
        assert.equal((await listedIn(rig)).length, 1 + Object.keys(FILES).length);
        await rig.complete();
        assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK]);
      }));
  });

describe("S120: what is wrong with an archive", () => {
  const member = (name: string, content = "x") => tarMember({ name }, content);
  const { "vm.ovf": descriptor = "", [DISK]: disk = "" } = FILES;
  for (const [what, bytes, words] of [
    ["is no archive", Buffer.from("an archive"), /vm\.ova@0: The archive is no tar archive/],
    ["breaks off", ovaOf(FILES).subarray(0, 700), /vm\.ova@0: .*ends within vm\.ovf/],
    [
      "holds a link",
      Buffer.concat([tarMember({ name: "vm.ovf", kind: "2", linkName: "/etc/passwd" })]),
      /vm\.ova@0: .*vm\.ovf/,
    ],
    ["holds a name twice", Buffer.concat([member("a"), member("A")]), /vm\.ova@1024: /],
    [
      "has two descriptors",
      ovaOf({ ...FILES, "other.ovf": descriptor }),
      /vm\.ova: There is more than one descriptor: other\.ovf, vm\.ovf/,
    ],
    [
      "has a certificate without a manifest",
      ovaOf({ "vm.ovf": descriptor, [DISK]: disk, "vm.cert": SIGNED["vm.cert"] ?? "" }),
      /vm\.ova: vm\.cert/,
    ],
    ["has a crooked descriptor", ovaOf({ ...FILES, "vm.ovf": "no XML" }), /vm\.ova: vm\.ovf:1/],
    ["has a manifest that is none", ovaOf({ ...FILES, "vm.mf": "no line" }), /vm\.ova: vm\.mf:1/],
    [
      "has a disk of another size",
      ovaOf({ "vm.ovf": descriptor, [DISK]: "short" }),
      /vm\.ova: vm-disk1\.vmdk: .* has 5 bytes, the descriptor says 15/,
    ],
    [
      "has a signature for another manifest",
      ovaOf({ ...SIGNED, "vm.mf": `${FILES["vm.mf"] ?? ""}\n` }),
      /vm\.ova: vm\.cert/,
    ],
    ["holds a file of its own name", ovaOf({ ...FILES, "VM.ova": "x" }), /of its own name/],
  ] as const)
    test(`one that ${what} turns ERROR with its last byte`, () =>
      withArchiveRig(async (rig) => {
        const { status, refusal } = await push(rig, "vm.ova", bytes);
        assert.equal(status, "ERROR");
        assert.match(refusal ?? "", words);
        assert.match(refusal ?? "", /^File vm\.ova is refused\. vm\.ova/);
        assert.equal((await rig.session()).state, "ACTIVE");
        await refusedWith("update_session.file_not_received", rig.complete());
        assert.deepEqual(await push(rig, "vm.ova", ovaOf(FILES)), READY);
        await rig.complete();
        assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK]);
      }));

  test("the descriptor may stand behind others", () =>
    withArchiveRig(async (rig) => {
      const { "vm.ovf": last = "", ...before } = FILES;
      assert.deepEqual(await push(rig, "vm.ova", ovaOf({ ...before, "vm.ovf": last })), READY);
      await rig.complete();
      assert.deepEqual(await itemNames(rig), [DISK, "vm.ovf"]);
    }));

  test("S93: members that the descriptor names, and the descriptor, are missing where they are", () =>
    withArchiveRig(async (rig) => {
      assert.deepEqual(await push(rig, "vm.ova", ovaOf({ "vm.ovf": descriptor })), READY);
      assert.deepEqual(await validated(rig), { missing: [DISK], invalid: {} });
      const text = await refusedWith("update_session.file_not_received", rig.complete());
      assert.match(text, /vm-disk1\.vmdk/);
      assert.deepEqual(await push(rig, "vm.ova", ovaOf({ [DISK]: disk })), READY);
      assert.deepEqual(await validated(rig), { missing: ["vm.ovf"], invalid: {} });
      assert.deepEqual(await previewOf(rig), { state: "UNAVAILABLE" });
      await refusedWith("update_session.file_not_received", rig.complete());
    }));

  test("S66: its own checksum and size are those of the archive", () =>
    withArchiveRig(async (rig) => {
      const ova = ovaOf(FILES);
      const checksum_info = { algorithm: "MD5", checksum: "0".repeat(32) } as const;
      const added = await rig.add("vm.ova", { checksum_info, size: ova.length });
      await refusedWith("transfer.checksum_mismatch", rig.send(added, sourceOf([ova])));
      const checksum = createHash("md5").update(ova).digest("hex");
      const again = await rig.add("vm.ova", { checksum_info: { algorithm: "MD5", checksum } });
      await rig.send(again, sourceOf([ova]));
      assert.equal((await rig.file("vm.ova")).checksum_info?.checksum, checksum);
      await rig.complete();
    }));
});

describe("S121: an archive comes alone", () => {
  test("nothing else is added beside it, nor it beside others", () =>
    withArchiveRig(async (rig) => {
      await rig.add("vm.ova");
      for (const name of ["other.OVA", DISK, "vm.mf", "vm.ovf"]) {
        const text = await refusedWith("update_session.archive_alone", rig.add(name));
        assert.match(text, new RegExp(`^File ${name} can not be added: vm\\.ova brings`));
      }
      await rig.add("vm.ova");
      await removeFrom(rig, "vm.ova");
      await rig.add(DISK);
      const text = await refusedWith("update_session.not_alone", rig.add("vm.ova"));
      assert.match(text, /the session brings vm-disk1\.vmdk already/);
      await removeFrom(rig, DISK);
      assert.deepEqual(await push(rig, "vm.ova", ovaOf(FILES)), READY);
    }));

  test("S98: where the item was of another type when they were added, they wait until one goes", () =>
    withArchiveRig(async (rig) => {
      await typed(rig, "iso");
      await push(rig, "vm.ova", ovaOf(FILES));
      await push(rig, "vm.nvram", "x");
      const update_spec = { type: "ovf" };
      await rig.handlers["item.update"]({ library_item_id: rig.itemId, update_spec }, aCall());
      const { invalid } = await validated(rig);
      assert.match(invalid["vm.ova"] ?? "", /vm\.ova: It came before the server looked into/);
      assert.match(invalid["vm.nvram"] ?? "", /vm\.ova brings the whole package/);
      await refusedWith("update_session.file_unusable", rig.complete());
      await removeFrom(rig, "vm.nvram");
      assert.deepEqual(await push(rig, "vm.ova", ovaOf(FILES)), READY);
      await rig.complete();
      assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK]);
    }));
});
