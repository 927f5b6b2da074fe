import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, RIG_ORIGIN, RIG_SETTINGS, segmentOf } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, STAYS } from "@contentlib/testkit/rigs/session-rig";
import type { Call } from "../call.ts";

const broken = (text: string) =>
  sourceOf([Buffer.from(text)], { breakWith: new Error("The line went dead.") });

/** Two editors of a library with an item, and a session of the first that expired with four bytes of ten. */
const setUp = async () => {
  const rig = await AccessRig.open();
  const library = await rig.library();
  const item = await rig.item(library);
  const [ann, ben] = [await rig.user("editor", library), await rig.user("editor", library)];
  const add = (session: string, call: Call) =>
    rig.handlers["updateSessionFile.add"](
      {
        update_session_id: session,
        file_spec: { name: "boot.iso", source_type: "PUSH", size: 10 },
      },
      call,
    );
  const expire = async (): Promise<void> => {
    await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
    await rig.rig.app.duties.expireSessions();
  };
  /** How many bytes the caller finds in a session of his own. */
  const found = async (call: Call): Promise<number> => {
    const session = await rig.updateSession(item, call);
    return (await add(session, call)).bytes_transferred;
  };
  const file = await add(await rig.updateSession(item, ann.call()), ann.call());
  const slot = await rig.rig.app.transfers.openUpload(
    segmentOf(file.upload_endpoint?.uri ?? ""),
    10,
    RIG_ORIGIN,
  );
  await refusedWith("transfer.interrupted", slot.receive(broken("0123"), STAYS));
  await expire();
  const staged = () => Array.fromAsync(rig.storage.blobs.listStaged());
  return { rig, library, item, ann, ben, expire, found, staged };
};

const setDisabled = (rig: AccessRig, { id: user }: RigUser, disabled: boolean): Promise<void> =>
  rig.handlers["user.update"]({ user, update_spec: { disabled } }, aCall());

describe("kept bytes belong to their account", () => {
  // S84
  test("another one begins at 0, an administrator too, and takes nothing from the first", async () => {
    const { rig, ann, ben, expire, found, staged } = await setUp();
    for (const call of [ben.call(), aCall()]) {
      assert.equal(await found(call), 0);
      await expire();
    }
    assert.equal((await staged()).length, 1);
    assert.equal(await found(ann.call()), 4);
    assert.deepEqual(rig.rig.journal.troubles, []);
  });

  test("the item is free for another account as soon as the session has expired", async () => {
    const { rig, item, ben } = await setUp();
    await rig.updateSession(item, ben.call());
  });

  test("any token of the account that may add the file has them", async () => {
    const { rig, library, ann, found } = await setUp();
    const token = await rig.token(ann, { grants: [{ role: "EDITOR", library_id: library }] });
    assert.equal(await found(token.call()), 4);
  });

  test("while it is disabled they are of no use, and afterwards they are there", async () => {
    const { rig, ann, found, staged } = await setUp();
    await setDisabled(rig, ann, true);
    await assert.rejects(found(ann.call()));
    await rig.rig.app.duties.sweepStaging();
    assert.equal((await staged()).length, 1);
    await setDisabled(rig, ann, false);
    assert.equal(await found(ann.call()), 4);
  });

  test("they go with it, and with the library", async () => {
    for (const what of ["account", "library"] as const) {
      const { rig, library: library_id, ann, staged } = await setUp();
      if (what === "account") await rig.handlers["user.delete"]({ user: ann.id }, aCall());
      else await rig.handlers["localLibrary.delete"]({ library_id }, aCall());
      await rig.rig.app.duties.sweepStaging();
      assert.deepEqual(await staged(), []);
    }
  });

  test("a session that ended because its user lost the right leaves none", async () => {
    const { rig, ann, found, staged } = await setUp();
    assert.equal(await found(ann.call()), 4);
    await rig.takeAll(ann);
    assert.deepEqual(await staged(), []);
  });

  test("that they are kept and gone on with is no matter of the trail", async () => {
    const { rig, ann, found } = await setUp();
    await found(ann.call());
    await rig.clock.advance(RIG_SETTINGS.partialTtlMs);
    await rig.rig.app.duties.purge();
    const { entries } = await rig.handlers["audit.list"]({}, aCall());
    const operations = new Set(entries.map(({ operation }) => operation));
    assert.ok(operations.has("server.expire"));
    assert.ok(!operations.has("server.purge"), [...operations].join());
    assert.ok(!JSON.stringify(entries).includes("partial"));
  });
});
