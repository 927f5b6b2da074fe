import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import {
  itemNames,
  listedIn,
  openDownloads,
  readFile,
  removeFrom,
  trustSigner,
  withArchiveRig,
} from "@contentlib/testkit/rigs/archive-rig";
import { EventRig } from "@contentlib/testkit/rigs/event-rig";
import { previewOf, push, pushAll, typed, validated } from "@contentlib/testkit/rigs/package-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const DISK = "vm-disk1.vmdk";
const READY = { status: "READY", refusal: null };
const SIGNER = aSignerCertificate();
const FILES = archivedFiles();
const SIGNED = archivedFiles({ signers: [SIGNER] });

const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

const nothingWrong = { missing: [], invalid: {} };

describe("S122: an archive in its session", () => {
  test("is listed with its members once it is whole", () =>
    withArchiveRig(async (rig) => {
      const ova = ovaOf(SIGNED);
      const added = await rig.add("vm.ova");
      const endpoint = added.upload_endpoint?.uri;
      const row = ({ name, status, source_type, ...rest }: (typeof listed)[number]) => [
        name,
        status,
        source_type,
        rest.keep_in_storage,
        rest.size,
        rest.bytes_transferred,
        rest.checksum_info,
        rest.upload_endpoint?.uri === endpoint,
      ];
      let listed = await listedIn(rig);
      assert.deepEqual(listed.map(row), [
        ["vm.ova", "WAITING_FOR_TRANSFER", "PUSH", false, undefined, 0, undefined, true],
      ]);
      await rig.send(added, sourceOf([ova]));
      listed = await listedIn(rig);
      const sum = (content: string | Uint8Array) => ({
        algorithm: "SHA256",
        checksum: sha256(content),
      });
      const { length } = ova;
      assert.deepEqual(listed.map(row), [
        ["vm.ova", "READY", "PUSH", false, length, length, sum(ova), true],
        ...Object.entries(SIGNED).map(([name, content]) => {
          const size = Buffer.byteLength(content);
          const keep = /\.(mf|cert)$/.test(name) ? false : undefined;
          return [name, "READY", "PUSH", keep, size, size, sum(content), true];
        }),
      ]);
      assert.deepEqual(await rig.file(DISK), listed.at(-1));
      await refusedWith("update_session.no_such_file", rig.file("gone.vmdk"));
      const text = await refusedWith("update_session.member_of_archive", removeFrom(rig, DISK));
      assert.match(text, /it is part of vm\.ova\. Remove vm\.ova/);
      await removeFrom(rig, "vm.ova");
      assert.deepEqual(await listedIn(rig), []);
      assert.deepEqual(await rig.staged(), []);
    }));

  test("says of an archive within it that it stays, as it does", () =>
    withArchiveRig(async (rig) => {
      await push(rig, "vm.ova", ovaOf({ ...FILES, "inner.ova": "x" }));
      const keeps = (await listedIn(rig)).map(({ name, keep_in_storage }) => [
        name,
        keep_in_storage ?? true,
      ]);
      assert.deepEqual(Object.fromEntries(keeps), {
        "vm.ova": false,
        "vm.ovf": true,
        "vm.mf": false,
        [DISK]: true,
        "inner.ova": true,
      });
      await rig.complete();
      assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK, "inner.ova"]);
    }));

  test("S18: the preview waits for it, and shows who signed", () =>
    withArchiveRig(async (rig) => {
      const states = [(await previewOf(rig))?.state];
      await rig.add("vm.ova");
      states.push((await previewOf(rig))?.state);
      await push(rig, "vm.ova", ovaOf(SIGNED));
      const shown = await previewOf(rig);
      states.push(shown?.state);
      assert.deepEqual(states, ["UNAVAILABLE", "PREPARING", "AVAILABLE"]);
      assert.equal(shown?.certificate_info?.subject, "/CN=signer");
      assert.deepEqual(shown.cert_chain, [SIGNER.der.toString("base64")]);
      assert.deepEqual(
        shown.warnings?.map(({ type }) => type),
        ["SELF_SIGNED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"],
      );
      await refusedWith("update_session.preview_warnings", rig.complete());
      assert.equal((await rig.session()).state, "ERROR");
    }));

  test("S97: is verified like files that came one by one, and its facts are told", () =>
    withArchiveRig(async (rig) => {
      await trustSigner(rig, SIGNER.pem);
      await push(rig, "vm.ova", ovaOf(SIGNED));
      await rig.complete();
      const facts = await rig.handlers["itemFact.get"]({ library_item: rig.itemId }, aCall());
      assert.equal(facts.verification?.status, "VERIFIED");
      assert.equal(facts.ovf?.disks.length, 1);
    }));

  test("S74: is not taken by a library with the policy where nobody signed it", () =>
    withArchiveRig(async (rig) => {
      const [policy] = await rig.handlers["securityPolicy.list"]({}, aCall());
      const { library_id } = await rig.item();
      const update_spec = { security_policy_id: policy?.policy ?? "" };
      await rig.handlers["library.update"]({ library_id, update_spec }, aCall());
      await push(rig, "vm.ova", ovaOf(FILES));
      await refusedWith("security_policy.content_refused", rig.complete());
      assert.equal((await rig.session()).state, "ERROR");
      await rig.openSession();
      await trustSigner(rig, SIGNER.pem);
      await push(rig, "vm.ova", ovaOf(SIGNED));
      await rig.complete();
      assert.equal((await rig.item()).security_compliance, true);
    }));
});

describe("S128: an archive whose bytes are here", () => {
  test("is sent all the same, and is no second copy", () =>
    withArchiveRig(async (rig) => {
      const ova = ovaOf(FILES);
      await push(rig, "vm.ova", ova);
      await rig.complete();
      await rig.openSession();
      const checksum_info = { algorithm: "SHA256", checksum: sha256(ova) } as const;
      const added = await rig.add("vm.ova", { checksum_info, size: ova.length });
      assert.equal(added.status, "WAITING_FOR_TRANSFER");
      await rig.send(added, sourceOf([ova]));
      await rig.complete();
      const versions = (await rig.itemFiles()).map(({ version }) => version);
      assert.deepEqual(versions, ["2", "2"]);
      assert.equal((await Array.fromAsync(rig.storage.blobs.list())).length, 1);
    }));

  test("a plain item has it at once", () =>
    withArchiveRig(async (rig) => {
      const ova = ovaOf(FILES);
      await push(rig, "vm.ova", ova);
      await rig.complete();
      const { library_id } = await rig.item();
      const create_spec = { library_id, name: "plain" };
      rig.itemId = await rig.handlers["item.create"]({ create_spec }, aCall());
      await rig.openSession();
      const checksum_info = { algorithm: "SHA256", checksum: sha256(ova) } as const;
      const added = await rig.add("vm.ova", { checksum_info, size: ova.length });
      assert.equal(added.status, "READY");
      await rig.complete();
      assert.deepEqual(await itemNames(rig), ["vm.ova"]);
      await rig.openSession();
      const disk = FILES[DISK] ?? "";
      const waits = await rig.add(DISK, {
        size: disk.length,
        checksum_info: { algorithm: "SHA256", checksum: sha256(disk) },
      });
      assert.equal(waits.status, "WAITING_FOR_TRANSFER", "the bytes of a member are no blob");
    }));
});

describe("a session of an item that came in an archive", () => {
  test("S125: keeps what is not changed, whose bytes stay in the archive", () =>
    withArchiveRig(async (rig) => {
      await push(rig, "vm.ova", ovaOf(FILES));
      await rig.complete();
      await rig.openSession();
      assert.deepEqual(
        (await listedIn(rig)).map(({ name, source_type }) => [name, source_type]),
        [
          ["vm.ovf", "NONE"],
          [DISK, "NONE"],
        ],
      );
      assert.deepEqual(await push(rig, "vm.mf", FILES["vm.mf"] ?? ""), READY);
      assert.deepEqual(await validated(rig), nothingWrong);
      await rig.restart();
      assert.deepEqual(await push(rig, "vm.nvram", "x"), READY);
      await rig.complete();
      assert.deepEqual(await itemNames(rig), ["vm.ovf", DISK, "vm.nvram"]);
      const session = await openDownloads(rig);
      assert.equal((await readFile(rig, { session, name: DISK })).toString(), FILES[DISK]);
      // All that it brought is there yet.
      assert.deepEqual(await readFile(rig, { session, name: "vm.ova" }), ovaOf(FILES));
    }));

  test("S126: loses the archive with the first file of it, and the rest of the item stays", () =>
    withArchiveRig(async (rig) => {
      await push(rig, "vm.ova", ovaOf(FILES));
      await rig.complete();
      await rig.openSession();
      await push(rig, DISK, FILES[DISK] ?? "");
      await rig.complete();
      const session = await openDownloads(rig);
      assert.equal((await readFile(rig, { session, name: "vm.ovf" })).toString(), FILES["vm.ovf"]);
      await refusedWith(
        "download_session.no_such_file",
        readFile(rig, { session, name: "vm.ova" }),
      );
      assert.deepEqual(
        (await rig.itemFiles()).map(({ name, version }) => [name, version]),
        [
          ["vm.ovf", "1"],
          [DISK, "2"],
        ],
      );
    }));

  test("S123: all of its files give way to another archive", () =>
    withArchiveRig(async (rig) => {
      await pushAll(rig, {
        "vm.ovf": FILES["vm.ovf"] ?? "",
        [DISK]: FILES[DISK] ?? "",
        "a.txt": "a",
      });
      await rig.complete();
      await rig.openSession();
      await push(rig, "new.ova", ovaOf(FILES));
      assert.deepEqual(
        (await listedIn(rig)).map(({ name }) => name),
        ["new.ova", ...Object.keys(FILES)],
      );
      await refusedWith("update_session.no_such_file", rig.file("a.txt"));
      await removeFrom(rig, "new.ova");
      assert.equal((await rig.file("a.txt")).source_type, "NONE");
      await push(rig, "new.ova", ovaOf(FILES));
      await rig.complete();
      assert.deepEqual(
        (await rig.itemFiles()).map(({ name, version }) => [name, version]),
        [
          ["vm.ovf", "2"],
          [DISK, "2"],
        ],
      );
    }));

  test("S126: one that only looks leaves everything as it is, and one that takes an archive back too", () =>
    withArchiveRig(async (rig) => {
      await push(rig, "vm.ova", ovaOf(FILES));
      await rig.complete();
      const { content_version: before } = await rig.item();
      await rig.openSession();
      await rig.complete();
      await rig.openSession();
      await push(rig, "vm.ova", ovaOf({ ...FILES, "b.txt": "b" }));
      await removeFrom(rig, "vm.ova");
      await rig.complete();
      assert.equal((await rig.item()).content_version, before);
      const session = await openDownloads(rig);
      assert.deepEqual(await readFile(rig, { session, name: "vm.ova" }), ovaOf(FILES));
    }));
});

describe("S122: events", () => {
  test("tell of the archive alone", async () => {
    const rig = await EventRig.open();
    const { session } = rig;
    await typed(session, "ovf");
    const follow = await rig.followSession();
    await push(session, "vm.ova", ovaOf(FILES));
    await session.complete();
    const names = (await follow.news()).flatMap(({ file_name }) => file_name ?? []);
    assert.deepEqual([...new Set(names)], ["vm.ova"]);
    follow.close();
  });
});
