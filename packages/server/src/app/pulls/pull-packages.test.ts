import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, serves } from "@contentlib/testkit/fakes/scripted-remote";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { push, previewOf, validated } from "@contentlib/testkit/rigs/package-rig";
import type { PullRig } from "@contentlib/testkit/rigs/pull-rig";
import { DEPOT, openPackagePullRig, until } from "@contentlib/testkit/rigs/pull-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const DISK = "vm-disk1.vmdk";

/** Pulls the files one after the other, in their order. */
const pullAll = async (rig: PullRig, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    rig.remote.at(`${DEPOT}/${name}`, serves({ content }));
    await rig.pull(name);
    await rig.settled(name);
  }
};

describe("pulled files that belong together", () => {
  test("S91: are judged as pushed ones are, and completed", async () => {
    const rig = await openPackagePullRig();
    await pullAll(rig, packageFiles());
    const { session } = rig;
    assert.deepEqual(await previewOf(session), { state: "AVAILABLE", warnings: [] });
    assert.deepEqual(await validated(session), { missing: [], invalid: {} });
    await session.complete();
    const names = (await session.itemFiles()).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [DISK, "vm.ovf"]);
    assert.deepEqual(session.rig.journal.troubles, []);
  });

  test("S91: one that a pulled manifest contradicts is an ERROR that names both digests, and is asked for once", async () => {
    const rig = await openPackagePullRig();
    const files = packageFiles();
    await pullAll(rig, { "vm.mf": files["vm.mf"] ?? "", [DISK]: "other bytes, disk" });
    const file = await rig.session.file(DISK);
    assert.equal(file.status, "ERROR");
    assert.match(
      file.error_message?.default_message ?? "",
      /vm\.mf:\d.*[0-9a-f]{64}.*[0-9a-f]{64}/,
    );
    assert.equal(rig.remote.countOf(`${DEPOT}/${DISK}`), 1);
    assert.equal((await rig.session.session()).state, "ACTIVE");
  });

  test("S92: one that is here turns ERROR with the manifest that contradicts it", async () => {
    const rig = await openPackagePullRig();
    const files = packageFiles();
    await pullAll(rig, { [DISK]: "other bytes, disk" });
    assert.equal((await rig.session.file(DISK)).status, "READY");
    await pullAll(rig, { "vm.mf": files["vm.mf"] ?? "" });
    assert.equal((await rig.session.file("vm.mf")).status, "READY");
    assert.equal((await rig.session.file(DISK)).status, "ERROR");
  });

  test("S91: a descriptor that is none is an ERROR", async () => {
    const rig = await openPackagePullRig();
    await pullAll(rig, { "vm.ovf": "<html>Not here</html>" });
    assert.equal((await rig.session.file("vm.ovf")).status, "ERROR");
  });

  test("S95: an added manifest behind the descriptor is refused before anything is asked for", async () => {
    const rig = await openPackagePullRig();
    await push(rig.session, "vm.ovf", packageFiles({ algorithm: null })["vm.ovf"] ?? "");
    await refusedWith("update_session.metadata_too_late", rig.pull("vm.mf"));
    assert.equal(rig.remote.asked.length, 0);
  });
});

describe("S107: validate, while files are pulled", () => {
  test("misses nothing that is still to come, and tells what could not be pulled", async () => {
    const rig = await openPackagePullRig();
    const files = packageFiles({ algorithm: null });
    const gate = Promise.withResolvers<void>();
    rig.remote.at(`${DEPOT}/${DISK}`, serves({ content: files[DISK] ?? "", gate: gate.promise }));
    await rig.pull(DISK);
    await until("a byte", async () => (await rig.session.file(DISK)).bytes_transferred > 0);
    await push(rig.session, "vm.ovf", files["vm.ovf"] ?? "");
    assert.deepEqual(await validated(rig.session), { missing: [], invalid: {} });
    gate.resolve();
    await rig.settled(DISK);
    rig.remote.at(`${DEPOT}/${DISK}`, fails("absent", "There is none."));
    await rig.pull(DISK);
    await rig.settled(DISK);
    const { invalid } = await validated(rig.session);
    assert.match(invalid[DISK] ?? "", /There is none\./);
  });

  test("is refused while a pushed file is still to be sent", async () => {
    const rig = await openPackagePullRig();
    rig.remote.at(`${DEPOT}/${DISK}`, serves({ content: "x" }));
    await rig.pull(DISK);
    await rig.session.add("other.bin");
    await refusedWith("update_session.file_not_received", validated(rig.session));
  });
});
