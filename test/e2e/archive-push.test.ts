// Archives that the client pushes, to a real server in this process.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blobSource } from "@contentlib/client";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { startSmallServer } from "./small-server.ts";
import type { SmallServer } from "./small-server.ts";

const DISK = "vm-disk1.vmdk";
const OVA = new Blob([Uint8Array.from(ovaOf(archivedFiles({ disks: { [DISK]: "a disk" } })))]);
const FILES = [{ name: "vm.ova", source: blobSource(OVA) }];

/** An item that has files, and a session on it that an earlier push left when the archive was whole. */
const leaveSession = async ({ client, libraryId }: SmallServer) => {
  const create_spec = { library_id: libraryId, name: "vm", type: "ovf" };
  const itemId = await client.item.create({ create_spec });
  const former = Uint8Array.from(ovaOf(archivedFiles({ base: "former" })));
  const source = blobSource(new Blob([former]));
  await client.upload({ itemId, files: [{ name: "former.ova", source }] }).result;
  const update_session_id = await client.updateSession.create({
    create_spec: { library_item_id: itemId },
  });
  const { upload_endpoint } = await client.updateSessionFile.add({
    update_session_id,
    file_spec: { name: "vm.ova", source_type: "PUSH" },
  });
  const sent = await fetch(upload_endpoint?.uri ?? "", { method: "PUT", body: OVA });
  assert.equal(sent.status, 200);
  return { itemId, sessionId: update_session_id };
};

describe("S122: a push whose archive is whole, and that died then", () => {
  for (const removeOthers of [false, true])
    test(`is gone on with by the next${removeOthers ? ", which removes other files" : ""}`, async (t) => {
      const server = await startSmallServer(t);
      const { itemId, sessionId } = await leaveSession(server);
      const result = await server.client.upload({ itemId, files: FILES, removeOthers }).result;
      assert.equal(result.sessionId, sessionId);
      const files = await server.client.itemFile.list({ library_item_id: itemId });
      assert.deepEqual(
        files.map(({ name }) => name),
        ["vm.ovf", DISK],
      );
    });
});
