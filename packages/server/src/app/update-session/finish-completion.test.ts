import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, silent } from "@contentlib/testkit/fakes/scripted-remote";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import {
  atDepot,
  endedSessionOf,
  errorOf,
  itemNamesOf,
  openGatedPullRig,
  serveAll,
  statusOf,
} from "@contentlib/testkit/rigs/gated-pull-rig";
import type { PullRig } from "@contentlib/testkit/rigs/pull-rig";
import { openPullRig } from "@contentlib/testkit/rigs/pull-rig";
import type { TokenId } from "../../domain/ids.ts";
import { PortError } from "../../ports/index.ts";
import type { Call } from "../call.ts";

const DISK = "vm-disk1.vmdk";

/** Pulls the files, completes the session while they are held back, and lets them come. */
const completeThenCome = async (
  pulling: PullRig,
  files: Readonly<Record<string, string>>,
): Promise<void> => {
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  serveAll(pulling.remote, files, { gate });
  for (const name of Object.keys(files)) await pulling.pull(name);
  await pulling.session.complete();
  come();
};

/** The item is as it was, and free for another session. */
const expectUntouched = async (pulling: PullRig): Promise<void> => {
  const { session: rig } = pulling;
  assert.deepEqual(await itemNamesOf(pulling), []);
  assert.equal((await rig.item()).content_version, "1");
  await rig.openSession();
  assert.equal((await rig.session()).state, "ACTIVE");
};

describe("S112: once the last file has come", () => {
  test("those that come at the same time complete the session once", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig } = pulling;
    await completeThenCome(pulling, { "a.iso": "a", "b.iso": "b", "c.iso": "c" });
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    await rig.rig.app.drain();
    assert.equal((await rig.item()).content_version, "2");
    assert.deepEqual(await itemNamesOf(pulling), ["a.iso", "b.iso", "c.iso"]);
    const ends = rig.rig.journal.events.filter(({ kind }) => kind === "sessionEnded");
    assert.equal(ends.length, 1);
    assert.deepEqual(rig.rig.journal.troubles, []);
  });

  test("it is done by whoever completed, with his message, and the trail tells of him", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, remote } = pulling;
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    serveAll(remote, { "a.iso": "a" }, { gate });
    await pulling.pull("a.iso");
    const { handlers, sessionId: update_session_id } = rig;
    const call: Call = { ...aCall(), changeMessage: () => "Fixes the boot order" };
    await handlers["updateSession.complete"]({ update_session_id }, call);
    come();
    await endedSessionOf(pulling);
    const change = { library_item: rig.itemId, version: "2" };
    const { message, user } = await handlers["itemChange.get"](change, aCall());
    assert.deepEqual([message, user], ["Fixes the boot order", "administrator@vsphere.local"]);
    const asked = { operation: "updateSession.complete" };
    const { entries } = await handlers["audit.list"](asked, aCall());
    assert.deepEqual(
      entries.map((entry) => [entry.user, entry.address, entry.changed]),
      [
        ["administrator@vsphere.local", undefined, ["files", "completed"]],
        ["administrator@vsphere.local", call.address, undefined],
      ],
    );
  });

  test("what proves it may come last", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    const { "vm.mf": manifest = "", ...others } = packageFiles();
    serveAll(pulling.remote, others);
    serveAll(pulling.remote, { "vm.mf": manifest }, { gate });
    for (const name of ["vm.mf", ...Object.keys(others)]) await pulling.pull(name);
    for (const name of Object.keys(others)) await statusOf(pulling, name);
    await pulling.session.complete();
    come();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.deepEqual(await itemNamesOf(pulling), ["vm.ovf", DISK]);
  });
});

describe("S113: a pending completion that fails ends in ERROR, and says why", () => {
  test("a file that can not be pulled, at once", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, remote } = pulling;
    const [first, second] = [silent(), Promise.withResolvers<void>()];
    remote.at(atDepot("a.iso"), first.answer);
    remote.at(atDepot("b.iso"), async (wish) => {
      await second.promise;
      return await fails("absent", "It has no such file.")(wish);
    });
    await pulling.pull("a.iso");
    await pulling.pull("b.iso");
    await rig.complete();
    await first.asked;
    second.resolve();
    const text = await errorOf(pulling);
    assert.match(text, /b\.iso.* It has no such file\./);
    assert.equal((await rig.file("b.iso")).error_message?.default_message, text);
    assert.equal(remote.asked[0]?.signal.aborted, true);
    await expectUntouched(pulling);
  });

  test("a file that is not what was declared", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, remote } = pulling;
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    serveAll(remote, { "a.iso": "a" }, { gate });
    const checksum_info = { algorithm: "SHA1", checksum: "0".repeat(40) } as const;
    await pulling.pull("a.iso", { source_endpoint: { uri: atDepot("a.iso") }, checksum_info });
    await rig.complete();
    come();
    const text = await errorOf(pulling);
    assert.match(text, /a\.iso.*SHA1/);
    assert.equal((await rig.file("a.iso")).error_message?.default_message, text);
    await expectUntouched(pulling);
  });

  test("a file that the manifest contradicts", async () => {
    const pulling = await openGatedPullRig("ovf");
    await completeThenCome(pulling, { ...packageFiles(), [DISK]: "bytes of a fisk" });
    const text = await errorOf(pulling);
    assert.match(text, /vm-disk1\.vmdk.*vm\.mf:2/);
    await expectUntouched(pulling);
  });

  test("a file that nobody brings", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig } = pulling;
    const disks = { "a.vmdk": "a", "b.vmdk": "b" };
    const files = packageFiles({ disks, algorithm: null });
    await rig.send(await rig.add("vm.ovf"), files["vm.ovf"] ?? "");
    await completeThenCome(pulling, { "a.vmdk": "a" });
    assert.match(await errorOf(pulling), /^File b\.vmdk .*\(status: WAITING_FOR_TRANSFER\)/);
    await expectUntouched(pulling);
  });

  test("content that the policy of the library does not take", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig } = pulling;
    const { library_id } = await rig.item();
    const [policy] = await rig.handlers["securityPolicy.list"]({}, aCall());
    const update_spec = { security_policy_id: policy?.policy ?? "" };
    await rig.handlers["library.update"]({ library_id, update_spec }, aCall());
    await completeThenCome(pulling, packageFiles());
    assert.match(await errorOf(pulling), /policy/);
    await expectUntouched(pulling);
  });

  test("a warning that is not ignored", async () => {
    const pulling = await openGatedPullRig("ovf");
    await completeThenCome(pulling, packageFiles({ signers: [aSignerCertificate()] }));
    assert.match(await errorOf(pulling), /SELF_SIGNED_CERTIFICATE, UNTRUSTED_CERTIFICATE/);
    await expectUntouched(pulling);
  });

  test("a warning that is ignored is none", async () => {
    const pulling = await openGatedPullRig("ovf");
    const { session: rig } = pulling;
    const types = ["SELF_SIGNED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"] as const;
    const warning_behavior = types.map((type) => ({ type, ignored: true }));
    const update_spec = { warning_behavior };
    const { sessionId: update_session_id } = rig;
    await rig.handlers["updateSession.update"]({ update_session_id, update_spec }, aCall());
    await completeThenCome(pulling, packageFiles({ signers: [aSignerCertificate()] }));
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    const { entries } = await rig.handlers["audit.list"]({}, aCall());
    assert.deepEqual(entries[0]?.changed, [
      "files",
      "ignored_self_signed_certificate",
      "ignored_untrusted_certificate",
      "completed",
    ]);
  });

  test("a right that is lost at the last moment", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, blobs, remote } = pulling;
    await rig.cancel();
    const { handlers, clock } = rig;
    const expires_time = new Date(clock.now() + 60_000).toISOString();
    const create_spec = { name: "nightly", expires_time };
    const { token_id } = await handlers["token.create"]({ create_spec }, aCall());
    const caller = { ...aCall().caller, tokenId: token_id as TokenId };
    const call: Call = { ...aCall(), caller };
    const spec = { library_item_id: rig.itemId };
    const update_session_id = await handlers["updateSession.create"]({ create_spec: spec }, call);
    rig.sessionId = update_session_id;
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    serveAll(remote, { "a.iso": "a" }, { gate });
    const file_spec = {
      name: "a.iso",
      source_type: "PULL",
      source_endpoint: { uri: atDepot("a.iso") },
    } as const;
    await handlers["updateSessionFile.add"]({ update_session_id, file_spec }, call);
    await handlers["updateSession.complete"]({ update_session_id }, call);
    const held = blobs.hold("promote");
    come();
    await held.reached;
    await clock.advance(60_000);
    held.open();
    assert.match(await errorOf(pulling), /The user who completed it is not let in any more\.$/);
    await expectUntouched(pulling);
  });

  test("a storage that fails while the bytes are made permanent, as it does for a call", async () => {
    const pulling = await openPullRig((storage) => ({
      ...storage,
      blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
        if (verb === "promote") throw new PortError("unavailable", "The disk is out of order.");
        return await proceed();
      }),
    }));
    await completeThenCome(pulling, { "a.iso": "a" });
    assert.match(await errorOf(pulling), /made permanent: The disk is out of order\.$/);
    const { troubles } = pulling.session.rig.journal;
    assert.deepEqual(
      troubles.map(({ where }) => where),
      ["completing an update session"],
    );
    await expectUntouched(pulling);
  });

  test("a catalog that fails at the very last", async () => {
    let isArmed = true;
    const pulling = await openPullRig((storage) => ({
      ...storage,
      catalog: catalogAround(storage.catalog, async (name, proceed) => {
        if (!isArmed || !name.includes("revision.put")) return await proceed();
        isArmed = false;
        throw new PortError("unavailable", "The catalog is out of order.");
      }),
    }));
    await completeThenCome(pulling, { "a.iso": "a" });
    assert.match(await errorOf(pulling), /The storage failed: The catalog is out of order\.$/);
    assert.equal(pulling.session.rig.journal.troubles.length, 1);
    await expectUntouched(pulling);
  });
});

describe("a pending completion whose session ends in another way", () => {
  test("S36: with its item", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, blobs } = pulling;
    const held = blobs.hold("promote");
    await completeThenCome(pulling, { "a.iso": "a" });
    await held.reached;
    await rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall());
    held.open();
    assert.equal((await endedSessionOf(pulling)).state, "CANCELED");
    await rig.rig.app.drain();
    assert.deepEqual(rig.rig.journal.troubles, []);
    assert.deepEqual(await rig.staged(), []);
  });

  test("by cancel, while its bytes are made permanent", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, blobs } = pulling;
    const held = blobs.hold("promote");
    await completeThenCome(pulling, { "a.iso": "a" });
    await held.reached;
    const canceling = rig.cancel();
    held.open();
    // The one that holds the lock is through first: it is DONE, and cancel is told so.
    await assert.rejects(canceling, /DONE/);
    assert.deepEqual(await itemNamesOf(pulling), ["a.iso"]);
  });

  test("S98: an item that has got a type since is judged by that", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, remote } = pulling;
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    serveAll(remote, { "vm.iso": "a" }, { gate });
    await pulling.pull("vm.iso");
    await rig.complete();
    const { itemId: library_item_id } = rig;
    const update_spec = { type: "ovf" };
    await rig.handlers["item.update"]({ library_item_id, update_spec }, aCall());
    come();
    assert.match(await errorOf(pulling), /^File debian\.ovf .*\(status: WAITING_FOR_TRANSFER\)/);
  });
});
