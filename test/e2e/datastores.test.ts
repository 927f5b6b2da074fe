import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@contentlib/client";
import { password, startLiveServer } from "./live-server.ts";

test("a server that is told its datastores takes no other, and info shows the one of a library", async (t) => {
  const server = await startLiveServer(t, "--datastores", "datastore-15, datastore-16");
  const credentials = { userName: "administrator", password };
  const client = createClient({ url: server.url, credentials });
  const create = (name: string, datastore_id: string) => {
    const storage_backings = [{ type: "DATASTORE", datastore_id }] as const;
    return client.localLibrary.create({ create_spec: { name, storage_backings } });
  };
  const library_id = await create("images", "datastore-16");
  await assert.rejects(create("others", "datastore-17"), {
    class: "not_found",
    code: "contentlib.library.datastore_not_found",
  });
  assert.deepEqual(await client.library.list(), [library_id]);
  const { code, out } = await server.cli("info", "images");
  assert.equal(code, 0);
  assert.match(out, /^stored +datastore-16$/m);
});
