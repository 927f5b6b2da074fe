import assert from "node:assert/strict";
import { test } from "node:test";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { aCall, diskStorage, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";
const USER = "administrator@vsphere.local";

const list = async (rig: SessionRig, library_item = rig.itemId) =>
  await rig.handlers["itemChange.list"]({ library_item }, aCall());

const get = async (rig: SessionRig, version: string, library_item = rig.itemId) =>
  await rig.handlers["itemChange.get"]({ library_item, version }, aCall());

/** Completes a session that brings one file; tells when. */
const change = async (rig: SessionRig, name: string): Promise<string> => {
  await rig.openSession();
  await rig.fill({ [name]: `bytes of ${name}` });
  return new Date(rig.clock.now()).toISOString();
};

test("each completed change is told with its version, its time and who completed it, newest first", async () => {
  const rig = await SessionRig.open();
  assert.deepEqual(await list(rig), []);
  await rig.send(await rig.add("a.iso"), "bytes of a");
  const other = { ...aCall().caller, userName: "operator@vsphere.local" };
  await rig.handlers["updateSession.complete"](
    { update_session_id: rig.sessionId },
    { ...aCall(), caller: other },
  );
  const first = new Date(rig.clock.now()).toISOString();
  await rig.clock.advance(60_000);
  const second = await change(rig, "b.iso");
  assert.deepEqual(await list(rig), [
    { version: "3", time: second, user: USER },
    { version: "2", time: first, user: "operator@vsphere.local" },
  ]);
  assert.deepEqual(await get(rig, "3"), { time: second, user: USER });
  assert.deepEqual(await get(rig, "2"), { time: first, user: "operator@vsphere.local" });
});

test("a session that changed nothing, or was not completed, and an update of properties are no changes", async () => {
  const rig = await SessionRig.open();
  await rig.complete();
  await rig.openSession();
  await rig.send(await rig.add("a.iso"), "bytes of a");
  await rig.cancel();
  await rig.handlers["item.update"](
    { library_item_id: rig.itemId, update_spec: { name: "other" } },
    aCall(),
  );
  assert.deepEqual(await list(rig), []);
});

test("only the last changes are kept, also over a restart", () =>
  withScratchDirectory(async (directory) => {
    const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
    await rig.complete();
    for (let count = 0; count <= RIG_SETTINGS.revisionsKept; count += 1)
      await change(rig, `${count}.iso`);
    await rig.restart();
    assert.deepEqual(
      (await list(rig)).map(({ version }) => version),
      ["7", "6", "5", "4", "3"],
    );
    const text = await refusedWith("item.no_such_change", get(rig, "2"));
    assert.match(text, /no longer kept/);
    await rig.storage.close();
  }));

test("an unknown item and an unknown version are not found", async () => {
  const rig = await SessionRig.open();
  await rig.complete();
  await change(rig, "a.iso");
  for (const item of [NOWHERE, ""]) {
    await refusedWith("item.not_found", list(rig, item));
    await refusedWith("item.not_found", get(rig, "2", item));
  }
  for (const version of ["1", "3", "0", "02", "-2", "2.0", "", "two"])
    await refusedWith("item.no_such_change", get(rig, version));
});

test("a message is told whole by get, and its first line by list", async () => {
  const rig = await SessionRig.open();
  await rig.complete();
  await change(rig, "a.iso");
  const { catalog } = rig.storage;
  const [revision] = await catalog.listRevisions(rig.itemId as never);
  assert.ok(revision);
  const { userName: _, ...anonymous } = revision;
  const message = `${"first line ".repeat(9)}\nsecond line`;
  await catalog.commit([
    {
      kind: "revision.put",
      revision: { ...anonymous, message, files: [] },
      kept: RIG_SETTINGS.revisionsKept,
    },
  ]);
  const time = new Date(rig.clock.now()).toISOString();
  assert.deepEqual(await list(rig), [{ version: "2", time, short_message: message.slice(0, 80) }]);
  assert.deepEqual(await get(rig, "2"), { time, message });
});
