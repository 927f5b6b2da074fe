import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serves, silent } from "@contentlib/testkit/fakes/scripted-remote";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import {
  endedSessionOf,
  errorOf,
  fileNamesOf,
  itemNamesOf,
  openGatedPullRig,
  serveAll,
  statusOf,
} from "@contentlib/testkit/rigs/gated-pull-rig";
import type { GatedPullRig } from "@contentlib/testkit/rigs/gated-pull-rig";
import { push, validated } from "@contentlib/testkit/rigs/package-rig";
import { DEPOT, until } from "@contentlib/testkit/rigs/pull-rig";
import type { SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

/** A descriptor that names files by these hrefs. */
const naming = (...hrefs: readonly string[]): string =>
  envelopeText({
    files: hrefs.map((href, at) => ({ id: `file${at}`, href })),
    disks: [],
  });

/** Everything that was asked for beside the descriptor, in order of the alphabet. */
const askedBesides = ({ remote }: GatedPullRig): readonly string[] =>
  remote.asked
    .map(({ url }) => url)
    .filter((url) => !url.endsWith(".ovf"))
    .toSorted();

/** Waits until what is pulled for the session is over, whatever came of it. */
const quiet = async (pulling: GatedPullRig): Promise<void> => {
  await pulling.session.rig.app.drain();
};

describe("S115: a descriptor that is pulled", () => {
  test("has what it names pulled from beside it, whatever signs the names have", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    const disks = { "disk.vmdk": "1", "my disk.vmdk": "2", "more disk.vmdk": "3" };
    const descriptor = naming("disk.vmdk", "my disk.vmdk", "more%20disk.vmdk");
    serveAll(remote, { "vm.ovf": descriptor, ...disks });
    await pulling.pull("vm.ovf");
    await statusOf(pulling, "vm.ovf");
    await until("all are added", async () => (await fileNamesOf(pulling)).length === 4);
    assert.deepEqual(await fileNamesOf(pulling), ["vm.ovf", ...Object.keys(disks)]);
    for (const name of Object.keys(disks)) assert.equal(await statusOf(pulling, name), "READY");
    const shown = await rig.file("my disk.vmdk");
    assert.equal(shown.source_type, "PULL");
    assert.deepEqual(shown.source_endpoint, { uri: `${DEPOT}/my%20disk.vmdk` });
    assert.equal(shown.upload_endpoint, undefined);
    assert.deepEqual(askedBesides(pulling), [
      `${DEPOT}/disk.vmdk`,
      `${DEPOT}/more%20disk.vmdk`,
      `${DEPOT}/my%20disk.vmdk`,
    ]);
    await rig.complete();
    assert.deepEqual(await itemNamesOf(pulling), ["vm.ovf", ...Object.keys(disks)]);
  });

  test("has the chunks of a file pulled that is cut up", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    const file = { id: "file0", href: "a%20b.vmdk", size: 10, chunkSize: 4 };
    serveAll(remote, {
      "vm.ovf": envelopeText({ files: [file], disks: [] }),
      "a b.vmdk.000000000": "0123",
      "a b.vmdk.000000001": "4567",
      "a b.vmdk.000000002": "89",
    });
    await pulling.pull("vm.ovf");
    await rig.complete();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.equal((await itemNamesOf(pulling)).length, 4);
  });

  test("has it pulled also where it was completed before the descriptor was here", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    const files = packageFiles({ algorithm: null, disks: { "a.vmdk": "a", "b.vmdk": "b" } });
    serveAll(remote, files, { gate });
    await pulling.pull("vm.ovf");
    await rig.complete();
    come();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.deepEqual(await itemNamesOf(pulling), ["vm.ovf", "a.vmdk", "b.vmdk"]);
    assert.equal((await rig.item()).content_version, "2");
  });

  for (const [what, work] of [
    ["complete waits for it", (rig: SessionRig) => rig.complete()],
    [
      "validate does not miss it",
      async (rig: SessionRig) =>
        assert.deepEqual(await validated(rig), { missing: [], invalid: {} }),
    ],
  ] as const)
    test(`is READY a moment before it is added: ${what}`, async () => {
      const pulling = await openGatedPullRig("ovf");
      const { session: rig, remote, writes } = pulling;
      serveAll(remote, packageFiles({ algorithm: null }));
      const held = writes.hold("session.package and session-file.put and session-file.put");
      await pulling.pull("vm.ovf");
      await held.reached;
      assert.equal((await rig.file("vm.ovf")).status, "READY");
      assert.deepEqual(await fileNamesOf(pulling), ["vm.ovf"]);
      const working = work(rig);
      held.open();
      await working;
      // The one that validated has not completed yet.
      if (what.startsWith("validate")) await rig.complete();
      assert.equal((await endedSessionOf(pulling)).state, "DONE");
      assert.deepEqual(await itemNamesOf(pulling), ["vm.ovf", "vm-disk1.vmdk"]);
    });

  test("leaves alone what is in the set, and what the item has", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    await rig.fill(packageFiles({ algorithm: null, disks: { "old.vmdk": "old" } }));
    await rig.openSession();
    await push(pulling.session, "pushed.vmdk", "pushed");
    const waiting = silent();
    remote.at(`${DEPOT}/elsewhere`, waiting.answer);
    await pulling.pull("pulled.vmdk", { source_endpoint: { uri: `${DEPOT}/elsewhere` } });
    const descriptor = naming("old.vmdk", "pushed.vmdk", "pulled.vmdk", "new.vmdk");
    serveAll(remote, { "vm.ovf": descriptor, "new.vmdk": "new" });
    await pulling.pull("vm.ovf");
    await until("it is added", async () => (await fileNamesOf(pulling)).includes("new.vmdk"));
    await statusOf(pulling, "new.vmdk");
    assert.deepEqual(askedBesides(pulling), [`${DEPOT}/elsewhere`, `${DEPOT}/new.vmdk`]);
    assert.equal((await rig.file("old.vmdk")).source_type, "NONE");
    assert.equal((await rig.file("pushed.vmdk")).source_type, "PUSH");
  });

  test("leaves alone what is there in other letters: complete says how it is to be called", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    await push(rig, "Disk.vmdk", "pushed");
    serveAll(remote, { "vm.ovf": naming("disk.vmdk"), "disk.vmdk": "pulled" });
    await pulling.pull("vm.ovf");
    assert.equal(await statusOf(pulling, "vm.ovf"), "READY");
    await assert.rejects(rig.complete(), /Disk\.vmdk/);
    assert.deepEqual(await fileNamesOf(pulling), ["Disk.vmdk", "vm.ovf"]);
  });

  test("has nothing guessed: no manifest, no certificate", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    serveAll(remote, packageFiles());
    await pulling.pull("vm.ovf");
    await rig.complete();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.deepEqual(askedBesides(pulling), [`${DEPOT}/vm-disk1.vmdk`]);
  });

  test("has nothing pulled that it calls by an address, or by a path", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    const hrefs = [
      "http://169.254.169.254/latest",
      "//other.example/a.vmdk",
      "file:a.vmdk",
      "../secret.vmdk",
      "..%2Fsecret.vmdk",
      "sub/b.vmdk",
    ];
    for (const href of hrefs) {
      serveAll(remote, { "vm.ovf": naming(href) });
      await pulling.pull("vm.ovf");
      await statusOf(pulling, "vm.ovf");
    }
    await assert.rejects(rig.complete());
    await quiet(pulling);
    assert.deepEqual(askedBesides(pulling), []);
  });

  test("has it pulled from where it was found in the end", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    const files = packageFiles({ algorithm: null });
    const finalUrl = "https://mirror.example/v5/vm.ovf?signature=x";
    const disk = files["vm-disk1.vmdk"] ?? "";
    remote.at(`${DEPOT}/vm.ovf`, serves({ content: files["vm.ovf"] ?? "", finalUrl }));
    remote.at("https://mirror.example/v5/vm-disk1.vmdk", serves({ content: disk }));
    const uri = "https://maria:secret@depot.example/vm.ovf";
    const contentlib_key_pin = `sha256//${"A".repeat(43)}=`;
    await pulling.pull("vm.ovf", { source_endpoint: { uri, contentlib_key_pin } });
    await rig.complete();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    const [first, second] = remote.asked;
    assert.deepEqual(first?.login, { userName: "maria", password: "secret" });
    assert.notEqual(first?.pin, undefined);
    assert.deepEqual(second?.login, undefined, "the login is of the other origin");
    assert.deepEqual(second?.pin, undefined);
  });

  test("has its login and its pin used for what lies beside it, and gives the login up then", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    serveAll(remote, packageFiles({ algorithm: null }));
    const uri = "https://maria:secret@depot.example/vm.ovf";
    const contentlib_key_pin = `sha256//${"A".repeat(43)}=`;
    await pulling.pull("vm.ovf", { source_endpoint: { uri, contentlib_key_pin } });
    await until("the disk is added", async () => (await fileNamesOf(pulling)).length === 2);
    assert.equal(await statusOf(pulling, "vm-disk1.vmdk"), "READY");
    const [first, second] = remote.asked;
    assert.deepEqual(second?.login, { userName: "maria", password: "secret" });
    assert.deepEqual(second?.pin, first?.pin);
    await quiet(pulling);
    const row = await rig.storage.catalog.findSession(rig.sessionId as never);
    assert.doesNotMatch(JSON.stringify(row), /sealedLogin/);
    assert.deepEqual((await rig.file("vm-disk1.vmdk")).source_endpoint, {
      uri: `${DEPOT}/vm-disk1.vmdk`,
      contentlib_key_pin,
    });
  });

  test("of whose files one can not be pulled, ends a completion in ERROR with that file's words", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    serveAll(remote, { "vm.ovf": naming("a.vmdk") }, { gate });
    await pulling.pull("vm.ovf");
    await rig.complete();
    come();
    assert.match(await errorOf(pulling), /a\.vmdk/);
  });

  test("names more than an item can have: none of it is pulled, and complete says what is missing", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    const file = { id: "file0", href: "a.vmdk", size: 10_000, chunkSize: 1 };
    serveAll(remote, { "vm.ovf": envelopeText({ files: [file], disks: [] }) });
    await pulling.pull("vm.ovf");
    assert.equal(await statusOf(pulling, "vm.ovf"), "READY");
    await refusedWith("update_session.file_not_received", rig.complete());
    assert.deepEqual(await fileNamesOf(pulling), ["vm.ovf"]);
  });

  test("is followed in items whose files belong together, and only there", async () => {
    const pulling = await openGatedPullRig("iso");
    const { session: rig, remote } = pulling;
    serveAll(remote, packageFiles({ algorithm: null }));
    await pulling.pull("vm.ovf");
    await statusOf(pulling, "vm.ovf");
    await rig.complete();
    assert.deepEqual(await itemNamesOf(pulling), ["vm.ovf"]);
    await quiet(pulling);
    assert.deepEqual(askedBesides(pulling), []);
  });

  test("that is pushed has nothing pulled", async () => {
    const pulling = await openGatedPullRig("ovf");
    serveAll(pulling.remote, packageFiles({ algorithm: null }));
    await push(pulling.session, "vm.ovf", packageFiles({ algorithm: null })["vm.ovf"] ?? "");
    await quiet(pulling);
    assert.deepEqual(pulling.remote.asked, []);
  });
});

describe("S116: a descriptor is followed once", () => {
  test("what was removed since stays away, and what is added by hand is as it was added", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    serveAll(remote, packageFiles({ algorithm: null, disks: { "a.vmdk": "a", "b.vmdk": "b" } }));
    await pulling.pull("vm.ovf");
    await until("all are added", async () => (await fileNamesOf(pulling)).length === 3);
    await statusOf(pulling, "a.vmdk");
    await statusOf(pulling, "b.vmdk");
    const { handlers, sessionId: update_session_id } = rig;
    await handlers["updateSessionFile.remove"]({ update_session_id, file_name: "a.vmdk" }, aCall());
    await refusedWith("update_session.file_not_received", rig.complete());
    assert.deepEqual(await fileNamesOf(pulling), ["vm.ovf", "b.vmdk"]);
    await rig.send(await rig.add("a.vmdk"), "a");
    await rig.complete();
    assert.deepEqual(await itemNamesOf(pulling), ["vm.ovf", "b.vmdk", "a.vmdk"]);
  });

  test("one that is added again is followed again", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    serveAll(remote, { "vm.ovf": naming("a.vmdk"), "a.vmdk": "a", "b.vmdk": "b" });
    await pulling.pull("vm.ovf");
    await until("a is added", async () => (await fileNamesOf(pulling)).includes("a.vmdk"));
    serveAll(remote, { "vm.ovf": naming("a.vmdk", "b.vmdk") });
    await pulling.pull("vm.ovf");
    await until("b is added", async () => (await fileNamesOf(pulling)).includes("b.vmdk"));
    await rig.complete();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.deepEqual(await itemNamesOf(pulling), ["vm.ovf", "a.vmdk", "b.vmdk"]);
  });

  test("what is added is told as the deed of whoever added the descriptor", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig, remote } = pulling;
    serveAll(remote, packageFiles({ algorithm: null }));
    await pulling.pull("vm.ovf");
    await until("the disk is added", async () => (await fileNamesOf(pulling)).length === 2);
    await statusOf(pulling, "vm-disk1.vmdk");
    const asked = { operation: "updateSessionFile.add" };
    const { entries } = await rig.handlers["audit.list"](asked, aCall());
    assert.deepEqual(
      entries.map(({ user, objects }) => [user, objects[0]?.id]),
      [
        ["administrator@vsphere.local", "vm.ovf"],
        ["administrator@vsphere.local", "vm.ovf"],
      ],
    );
    assert.ok(entries[0]?.objects.some(({ id }) => id === "vm-disk1.vmdk"));
  });
});
