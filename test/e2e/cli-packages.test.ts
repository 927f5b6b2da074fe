import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { startCliRig, WIRES } from "./cli-rig.ts";

const SIGNER = aSignerCertificate({ commonName: "web team" });
const SIGNED = packageFiles({ signers: [SIGNER] });

const names = (files: unknown): readonly string[] =>
  (files as readonly { readonly name: string }[]).map(({ name }) => name).toSorted();

describe("packages by the command line", { timeout: 120_000 }, () => {
  for (const wire of WIRES)
    test(`a signed package goes by its descriptor alone, once its warnings are accepted, over /${wire}`, async (t) => {
      const { cli, json, file, client, directory } = await startCliRig(t, wire);
      for (const [name, text] of Object.entries(SIGNED)) await file(name, text);
      const path = join(directory, "vm.ovf");
      const stopped = await cli("push", path, "images/vm");
      assert.equal(stopped.code, 4, stopped.err);
      assert.match(stopped.err, /Signed by \/CN=web team, issued by \/CN=web team\./);
      const line = /^ {2}contentlib (push --accept .*)$/m.exec(stopped.err)?.[1] ?? "";
      assert.match(line, /--accept SELF_SIGNED_CERTIFICATE/);
      assert.match(stopped.err, /^images\/vm, which this push had made, is removed again\.$/m);
      const states = await Promise.all(
        (await client.updateSession.list()).map(
          async (id) => (await client.updateSession.get({ update_session_id: id })).state,
        ),
      );
      assert.ok(states.every((state) => state === "ERROR" || state === "CANCELED"));
      const flags = [...line.matchAll(/--accept \w+/g)].flatMap(([flag]) => flag.split(" "));
      const pushed = await json("push", ...flags, path, "images/vm");
      assert.deepEqual(names(pushed["files"]), Object.keys(SIGNED).toSorted());
      assert.ok((pushed["warnings"] as unknown[]).length > 0);
      const { files } = await json("ls", "images/vm");
      assert.deepEqual(names(files), ["vm-disk1.vmdk", "vm.ovf"]);
      const again = await json("push", path, "images/vm");
      assert.equal(again["changed"], false);
      const shown = await cli("info", "images/vm");
      assert.match(shown.out, /^ignored +SELF_SIGNED_CERTIFICATE by /m);
    });

  test("a file that the descriptor names is asked for before the server is", async (t) => {
    const { cli, json, file, directory } = await startCliRig(t);
    const files = packageFiles({ algorithm: null });
    for (const [name, text] of Object.entries(files)) await file(name, text);
    const path = join(directory, "vm.ovf");
    const disk = join(directory, "vm-disk1.vmdk");
    await rename(disk, join(directory, "elsewhere"));
    const { code, err } = await cli("push", path, "images/vm");
    assert.equal(code, 3);
    assert.match(err, /vm-disk1\.vmdk is missing\. Looked in /);
    assert.deepEqual((await json("ls", "images"))["items"], []);
    await rename(join(directory, "elsewhere"), disk);
    assert.equal((await json("push", path, "images/vm"))["changed"], true);
  });

  test("an archive comes back as it was pushed, and is not pushed twice", async (t) => {
    const { cli, json, directory } = await startCliRig(t);
    const archive = ovaOf(archivedFiles());
    const path = join(directory, "vm.ova");
    await writeFile(path, archive);
    const pushed = await cli("push", path, "images/vm");
    assert.equal(pushed.code, 0, pushed.err);
    assert.match(pushed.out, /^ {2}unpacked: .*vm\.ovf/m);
    const back = join(directory, "back");
    assert.equal((await json("pull", "--as", "ova", "images/vm", back))["changed"], true);
    assert.deepEqual(await readdir(back), ["vm.ova"]);
    assert.deepEqual(await readFile(join(back, "vm.ova")), archive);
    assert.equal((await json("pull", "--as", "ova", "images/vm", back))["changed"], false);
    assert.equal((await json("push", path, "images/vm"))["changed"], false);
    const { facts } = await json("info", "images/vm");
    const checksum = createHash("sha256").update(archive).digest("hex");
    assert.deepEqual((facts as { readonly original: unknown }).original, {
      name: "vm.ova",
      size: archive.byteLength,
      checksum_info: { algorithm: "SHA256", checksum },
    });
  });

  test("an archive takes the place of all that the item had, and what left is told", async (t) => {
    const { cli, json, file, directory } = await startCliRig(t);
    const old = packageFiles({ algorithm: null, disks: { "old.vmdk": "an old disk" } });
    for (const [name, text] of Object.entries(old)) await file(name, text);
    await json("push", join(directory, "vm.ovf"), "images/vm");
    await json("push", await file("notes.txt", "notes"), "images/vm");
    const path = join(directory, "vm.ova");
    for (const [flags, disk] of [
      [[], "new.vmdk"],
      [["--replace"], "newer.vmdk"],
    ] as const) {
      const before = names((await json("ls", "images/vm"))["files"]);
      await writeFile(path, ovaOf(archivedFiles({ disks: { [disk]: "a disk" } })));
      const pushed = await json("push", ...flags, path, "images/vm");
      const { removed, unpacked, kept } = pushed as Readonly<Record<string, readonly string[]>>;
      assert.deepEqual([unpacked, kept], [["vm.ovf", disk], []]);
      const left = before.filter((name) => name !== "vm.ovf");
      assert.deepEqual(removed?.toSorted(), left);
    }
    await writeFile(path, ovaOf(archivedFiles()));
    const shown = await cli("push", path, "images/vm");
    assert.match(shown.out, /^ {2}unpacked: vm\.ovf, vm-disk1\.vmdk\n {2}removed: newer\.vmdk$/m);
  });

  test("files that came in no archive have none, and an image shows its label", async (t) => {
    const { cli, json, directory } = await startCliRig(t);
    const path = join(directory, "debian.iso");
    await writeFile(path, aDiscImage({ iso: { label: "DEBIAN" } }));
    assert.equal((await json("push", path, "images/debian"))["changed"], true);
    const { code, err } = await cli("pull", "--as", "ova", "images/debian", directory);
    assert.equal(code, 3);
    assert.match(err, /there is no archive of it/);
  });
});
