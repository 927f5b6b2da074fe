import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aCall, RIG_SETTINGS, startApp } from "@contentlib/testkit/rigs/app-rig";
import { LibraryRig } from "@contentlib/testkit/rigs/library-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

type Handlers = LibraryRig["handlers"];

const TOKEN = "11111111-0000-4000-8000-000000000001";

const create = (handlers: Handlers, datastore_id: string, client_token?: string) => {
  const storage_backings = [{ type: "DATASTORE", datastore_id }] as const;
  const create_spec = { name: "images", storage_backings };
  const input = { create_spec, ...(client_token === undefined ? {} : { client_token }) };
  return handlers["localLibrary.create"](input, aCall());
};

describe("a local library on a datastore", () => {
  test("shows it as told, for any id where the operator names none", async () => {
    const rig = await LibraryRig.open();
    for (const datastore_id of ["datastore-15", "store of another kind"]) {
      const { storage_backings } = await rig.get(await create(rig.handlers, datastore_id));
      assert.deepEqual(storage_backings, [{ type: "DATASTORE", datastore_id }]);
    }
    for (const bad of ["", "a\nb", "x".repeat(257)])
      await refusedWith("library.invalid_property", create(rig.handlers, bad));
  });

  test("is refused for an id that the operator did not name, in a sentence that says where to", async () => {
    const rig = await LibraryRig.open(undefined, { datastores: ["datastore-15"] });
    await create(rig.handlers, "datastore-15");
    const refused = create(rig.handlers, "datastore-16");
    const text = await refusedWith("library.datastore_not_found", refused);
    assert.match(text, /datastore-16.*CONTENTLIB_DATASTORES/);
  });

  test("stays as it was once its datastore is named no more, also for its client token", async () => {
    const rig = await LibraryRig.open();
    const id = await create(rig.handlers, "datastore-15", TOKEN);
    const settings = { ...RIG_SETTINGS, datastores: ["datastore-16"] };
    const { handlers } = (await startApp(rig.clock, rig.storage, settings)).app;
    assert.equal(await create(handlers, "datastore-15", TOKEN), id);
    assert.equal((await rig.get(id)).storage_backings[0]?.datastore_id, "datastore-15");
    await refusedWith("library.datastore_not_found", create(handlers, "datastore-15"));
  });
});
