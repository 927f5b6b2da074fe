import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";

/** Deletes the item or its library while somebody begins a session between the decision and its commit. */
const deleteRaced = async (what: "item" | "library"): Promise<SessionRig> => {
  let isArmed = false;
  const rig = await SessionRig.open((storage) => ({
    ...storage,
    catalog: catalogAround(storage.catalog, async (name, proceed) => {
      if (isArmed && name === `commit of ${what}.delete`) {
        isArmed = false;
        await rig.openSession();
      }
      return await proceed();
    }),
  }));
  await rig.cancel();
  isArmed = true;
  const { library_id } = await rig.item();
  if (what === "item") await rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall());
  else await rig.handlers["localLibrary.delete"]({ library_id }, aCall());
  assert.equal(isArmed, false, "nobody came in between");
  return rig;
};

for (const what of ["item", "library"] as const) {
  test(`a session that begins while its ${what} is being deleted is canceled with it`, async () => {
    const rig = await deleteRaced(what);
    assert.equal((await rig.session()).state, "CANCELED");
    assert.equal(await rig.storage.catalog.findItem(rig.itemId as never), null);
    assert.deepEqual(await rig.storage.catalog.housekeeping.listActive(), {
      updates: [],
      downloads: [],
    });
    assert.deepEqual(await wholeList(await rig.handlers["updateSession.list"]({}, aCall())), []);
  });
}
