import assert from "node:assert/strict";
import { test } from "node:test";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";

const TOKEN = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

test("creates with one client_token that come at once all answer the one item they make", async () => {
  const rig = await SessionRig.open();
  const { library_id } = await rig.item();
  const create = async (): Promise<string> =>
    await rig.handlers["item.create"](
      { client_token: TOKEN, create_spec: { library_id, name: "ubuntu" } },
      aCall(),
    );
  const ids = await Promise.all([create(), create(), create()]);
  assert.equal(new Set(ids).size, 1);
  const items = await wholeList(await rig.handlers["item.list"]({ library_id }, aCall()));
  assert.deepEqual(items, [rig.itemId, ids[0]]);
});
