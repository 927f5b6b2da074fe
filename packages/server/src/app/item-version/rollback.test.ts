import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aLibrary, anItem } from "@contentlib/testkit/builders/libraries";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aCall, memoryStorage, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import { forgetVersions, PAST_THE_GRACE_MS } from "@contentlib/testkit/rigs/forget-versions";
import { gatedRig } from "@contentlib/testkit/rigs/gated-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { OVF_DEFAULT_POLICY } from "../../domain/security-policy.ts";

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";
const TOKEN = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const USER = "administrator@vsphere.local";

type Input = Parameters<SessionRig["handlers"]["itemVersion.rollback"]>[0];

const rollBack = async (rig: SessionRig, over: Partial<Input> = {}, call = aCall()) =>
  await rig.handlers["itemVersion.rollback"]({ library_item: rig.itemId, ...over }, call);

const contentOf = async (rig: SessionRig): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    (await rig.itemFiles()).map(({ name, version, checksum_info }) => [
      name,
      `${version} ${checksum_info?.checksum.slice(0, 8) ?? ""}`,
    ]),
  );

const versionsOf = async (rig: SessionRig): Promise<readonly string[]> =>
  (await rig.handlers["itemChange.list"]({ library_item: rig.itemId }, aCall())).map(
    ({ version }) => version,
  );

/** One more content version, with these files beside those that are there. */
const change = async (rig: SessionRig, files: Readonly<Record<string, string>>): Promise<void> => {
  await rig.openSession();
  await rig.fill(files);
};

/** A rig whose item is at content version 4: 2 has one file, 3 another beside it, 4 replaces the first. */
const filled = async (around?: Parameters<typeof SessionRig.open>[0]): Promise<SessionRig> => {
  const rig = await SessionRig.open(around);
  await rig.fill({ "a.iso": "first bytes" });
  await change(rig, { "b.iso": "bytes of b" });
  await change(rig, { "a.iso": "second bytes" });
  return rig;
};

describe("a rollback", () => {
  test("makes the content version before the present one current again, and moves no bytes", async () => {
    // S89
    const rig = await filled();
    const blobs = await Array.fromAsync(rig.storage.blobs.list());
    const before = await rig.item();
    const { files } = await rig.handlers["itemVersion.get"](
      { library_item: rig.itemId, version: "3" },
      aCall(),
    );
    await rig.clock.advance(5_000);
    assert.equal(await rollBack(rig), "5");
    const at = new Date(rig.clock.now()).toISOString();
    assert.deepEqual(await rig.item(), {
      ...before,
      content_version: "5",
      last_modified_time: at,
      size: files.reduce((sum, { size }) => sum + size, 0),
    });
    const [first, other] = files;
    assert.deepEqual(await rig.itemFiles(), [{ ...first, version: "3" }, other]);
    assert.deepEqual(await Array.fromAsync(rig.storage.blobs.list()), blobs);
    const [newest] = await rig.handlers["itemChange.list"]({ library_item: rig.itemId }, aCall());
    assert.deepEqual(newest, {
      version: "5",
      time: at,
      user: USER,
      short_message: "Rollback to 3",
    });
  });

  test("goes to the version that is named, and back again, with what is said of it", async () => {
    const rig = await filled();
    const [latest] = [await contentOf(rig)];
    await rollBack(rig, { version: "2", message: "the new kernel panics" });
    assert.deepEqual(Object.keys(await contentOf(rig)), ["a.iso"]);
    const { message } = await rig.handlers["itemChange.get"](
      { library_item: rig.itemId, version: "5" },
      aCall(),
    );
    assert.equal(message, "Rollback to 2: the new kernel panics");
    assert.equal(await rollBack(rig, { version: "4" }), "6");
    const again = await contentOf(rig);
    assert.deepEqual(
      Object.entries(again).map(([name, text]) => [name, text.slice(2)]),
      Object.entries(latest).map(([name, text]) => [name, text.slice(2)]),
    );
  });

  test("is told in the trail as a change of the item", async () => {
    const rig = await filled();
    await rollBack(rig);
    const { entries } = await rig.handlers["audit.list"](
      { operation: "itemVersion.rollback" },
      aCall(),
    );
    assert.deepEqual(
      entries.map(({ event, objects }) => [event, objects.map(({ kind, id }) => [kind, id])[0]]),
      [["CHANGE", ["ITEM", rig.itemId]]],
    );
  });

  test("leaves a download session of the content before it as it is", async () => {
    const rig = await filled();
    const session = await rig.handlers["downloadSession.create"](
      { create_spec: { library_item_id: rig.itemId } },
      aCall(),
    );
    await rollBack(rig, { version: "2" });
    const files = await rig.handlers["downloadSessionFile.list"](
      { download_session_id: session },
      aCall(),
    );
    assert.deepEqual(
      files.map(({ name }) => name),
      ["a.iso", "b.iso"],
    );
  });

  test("does not forget what it goes back to, and what only that held stays readable", async () => {
    const rig = await filled();
    while ((await versionsOf(rig)).length < RIG_SETTINGS.revisionsKept)
      await change(rig, { "a.iso": `bytes after ${(await rig.item()).content_version}` });
    const oldest = (await versionsOf(rig)).at(-1) ?? "";
    await rollBack(rig, { version: oldest });
    const kept = await versionsOf(rig);
    assert.equal(kept.length, RIG_SETTINGS.revisionsKept + 1);
    assert.equal(kept.at(-1), oldest);
    await rig.clock.advance(PAST_THE_GRACE_MS);
    await rig.rig.app.duties.purge();
    await rig.rig.app.duties.collectBlobs();
    assert.equal((await versionsOf(rig)).length, RIG_SETTINGS.revisionsKept);
    for (const { checksum_info } of await rig.itemFiles())
      assert.ok(await rig.storage.blobs.open(checksum_info?.checksum as never));
  });
});

describe("a rollback is refused", () => {
  test("while an update session is ACTIVE on the item, and goes once that is over", async () => {
    // S90
    const rig = await filled();
    await rig.openSession();
    const text = await refusedWith("update_session.busy", rollBack(rig));
    assert.ok(text.includes(rig.sessionId), text);
    assert.deepEqual(await versionsOf(rig), ["4", "3", "2"]);
    await rig.cancel();
    assert.equal(await rollBack(rig), "5");
  });

  test("not by a session whose time is up", async () => {
    const rig = await filled();
    await rig.openSession();
    await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
    assert.equal(await rollBack(rig), "5");
  });

  test("for the present version, and for those that are not kept", async () => {
    const rig = await filled();
    await refusedWith("item.version_is_present", rollBack(rig, { version: "4" }));
    for (const version of ["1", "5", "x", "", "03"]) {
      const text = await refusedWith("item.version_not_kept", rollBack(rig, { version }));
      assert.match(text, /it keeps 4, 3, 2\./);
    }
    assert.deepEqual(await versionsOf(rig), ["4", "3", "2"]);
  });

  test("where nothing is kept before the present version", async () => {
    const rig = await SessionRig.open();
    await refusedWith("item.no_version_before", rollBack(rig));
    await rig.fill({ "a.iso": "a" });
    await refusedWith("item.no_version_before", rollBack(rig));
  });

  test("for an item that is not there, a message that can not be kept, and a token that is none", async () => {
    const rig = await filled();
    for (const library_item of [NOWHERE, ""])
      await refusedWith("item.not_found", rollBack(rig, { library_item }));
    for (const message of ["a\u0007bell", "a".repeat(1_001)])
      await refusedWith("item.invalid_change_message", rollBack(rig, { message }));
    await refusedWith("client_token.invalid", rollBack(rig, { client_token: "mine" }));
    assert.deepEqual(await versionsOf(rig), ["4", "3", "2"]);
  });

  test("in a subscribed library", async () => {
    const rig = await SessionRig.open();
    const library = aLibrary({ type: "SUBSCRIBED" });
    const item = anItem({ libraryId: library.id });
    await rig.storage.catalog.commit([
      { kind: "library.put", library, rev: null },
      { kind: "item.put", item, rev: null },
    ]);
    await refusedWith("library.wrong_type", rollBack(rig, { library_item: item.id }));
  });

  test("by a policy that came after the content", async () => {
    // S74, S90
    const rig = await SessionRig.open();
    await rig.cancel();
    await rig.handlers["item.update"](
      { library_item_id: rig.itemId, update_spec: { type: "ovf" } },
      aCall(),
    );
    await change(rig, packageFiles({ base: "a", disks: {} }));
    await change(rig, packageFiles({ base: "a" }));
    const { library_id } = await rig.item();
    const update_spec = { security_policy_id: OVF_DEFAULT_POLICY.id };
    await rig.handlers["library.update"]({ library_id, update_spec }, aCall());
    await refusedWith("security_policy.content_refused", rollBack(rig));
    assert.deepEqual(await versionsOf(rig), ["3", "2"]);
  });
});

describe("among others a rollback", () => {
  test("that another one overtakes goes back from what that made", async () => {
    const { rig, writes } = await gatedRig(filled);
    const gate = writes.hold("revision.put");
    const held = rollBack(rig, { version: "2" });
    await gate.reached;
    assert.equal(await rollBack(rig, { version: "3" }), "5");
    gate.open();
    assert.equal(await held, "6");
    assert.deepEqual(Object.keys(await contentOf(rig)), ["a.iso"]);
    assert.deepEqual(await versionsOf(rig), ["6", "5", "4", "3", "2"]);
  });

  test("that a session overtakes is refused as busy, and the session completes as it began", async () => {
    // S90
    const { rig, writes } = await gatedRig(filled);
    const gate = writes.hold("revision.put");
    const held = rollBack(rig);
    await gate.reached;
    await rig.openSession();
    await rig.send(await rig.add("c.iso"), "c");
    gate.open();
    await refusedWith("update_session.busy", held);
    await rig.complete();
    assert.deepEqual(Object.keys(await contentOf(rig)), ["a.iso", "b.iso", "c.iso"]);
    assert.deepEqual(await versionsOf(rig), ["5", "4", "3", "2"]);
  });

  test("that overtakes the opening of a session lets it begin with the content of then", async () => {
    const { rig, writes } = await gatedRig(filled);
    const gate = writes.hold("session.create");
    const opening = rig.openSession();
    await gate.reached;
    assert.equal(await rollBack(rig, { version: "2" }), "5");
    gate.open();
    await opening;
    assert.equal((await rig.session()).library_item_content_version, "5");
    await rig.fill({ "c.iso": "c" });
    assert.deepEqual(Object.keys(await contentOf(rig)), ["a.iso", "c.iso"]);
  });

  test("that a complete overtakes, session and all, goes back from what that made", async () => {
    const { rig, writes } = await gatedRig(filled);
    const gate = writes.hold("revision.put");
    const held = rollBack(rig);
    await gate.reached;
    await change(rig, { "c.iso": "c" });
    gate.open();
    assert.equal(await held, "6");
    assert.deepEqual(Object.keys(await contentOf(rig)), ["a.iso", "b.iso"]);
  });

  test("of an item that is deleted meanwhile finds none", async () => {
    const { rig, writes } = await gatedRig(filled);
    const gate = writes.hold("revision.put");
    const held = rollBack(rig);
    await gate.reached;
    await rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall());
    gate.open();
    await refusedWith("item.not_found", held);
  });

  test("to a version that is forgotten and collected meanwhile is refused, and names what is left", async () => {
    const { rig, writes } = await gatedRig(filled);
    const gate = writes.hold("revision.put");
    const held = rollBack(rig, { version: "2" });
    await gate.reached;
    await forgetVersions(rig);
    gate.open();
    const text = await refusedWith("item.version_not_kept", held);
    assert.match(text, /it keeps 4\./);
  });
});

describe("a client_token", () => {
  test("makes one content version, however often it is sent and whatever came after", async () => {
    const rig = await filled();
    const sent = { client_token: TOKEN };
    const made = await Promise.all([rollBack(rig, sent), rollBack(rig, sent), rollBack(rig, sent)]);
    assert.deepEqual(made, ["5", "5", "5"]);
    await change(rig, { "c.iso": "c" });
    assert.equal(await rollBack(rig, { ...sent, version: "2" }), "5");
    assert.deepEqual(await versionsOf(rig), ["6", "5", "4", "3", "2"]);
  });

  test("is worth nothing any more when the item is gone for good", async () => {
    const rig = await filled();
    const sent = { client_token: TOKEN };
    await rollBack(rig, sent);
    await rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall());
    await rig.clock.advance(25 * 60 * 60 * 1000);
    await rig.rig.app.duties.purge();
    await refusedWith("item.not_found", rollBack(rig, sent));
  });
});

test("a rollback outlives a restart, its message and all", async () => {
  const rig = await SessionRig.openOn((clock) => memoryStorage(clock));
  await rig.fill({ "a.iso": "one" });
  await change(rig, { "a.iso": "two" });
  await rollBack(rig, { message: "zurück 💾" });
  await rig.restart();
  const { files, current, message } = await rig.handlers["itemVersion.get"](
    { library_item: rig.itemId, version: "4" },
    aCall(),
  );
  assert.deepEqual([current, message], [true, "Rollback to 2: zurück 💾"]);
  assert.deepEqual(files, await rig.itemFiles());
});
