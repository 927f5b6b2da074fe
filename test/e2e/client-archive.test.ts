// Archives by the SDK: sent as one file to a real server, they are the files in them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { blobSource, PushError, remoteSource } from "@contentlib/client";
import type { PushOptions } from "@contentlib/client";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { contentOf, startSmallServer } from "./small-server.ts";

const DISK = "vm-disk1.vmdk";
const MEMBERS = archivedFiles();
const archive = ovaOf(MEMBERS);
const { "vm.mf": _, ...STAYING } = MEMBERS;
const checksum = {
  algorithm: "SHA256",
  checksum: createHash("sha256").update(archive).digest("hex"),
} as const;

const fileOf = (bytes: Buffer, name = "vm.ova"): PushOptions["files"][number] => ({
  name,
  source: blobSource(new Blob([Uint8Array.from(bytes)])),
});

const target = { library: "images", item: "vm", type: "ovf" };

/** A source that gives the archive at any address. */
async function startSource(t: TestContext): Promise<string> {
  const source = await startRemoteServer((_request, response) => void response.end(archive));
  t.after(async () => await source.close());
  return `${source.origin}/vm.ova`;
}

describe("an archive by the SDK", { timeout: 60_000 }, () => {
  test("is told of by its own size and digest, and the item has what is in it", async (t) => {
    const { client } = await startSmallServer(t);
    const files = [{ ...fileOf(archive), checksum }];
    const { itemId, files: sent } = await client.push({ ...target, files }).result;
    assert.deepEqual(sent, [{ name: "vm.ova", sizeBytes: archive.length, checksum }]);
    assert.deepEqual(await contentOf(client, itemId), STAYING);
    const { original } = await client.itemFact.get({ library_item: itemId });
    assert.deepEqual(original, { name: "vm.ova", size: archive.length, checksum_info: checksum });
  });

  test("takes the place of what the item had, whether others are to stay, to go or to be kept", async (t) => {
    const { client } = await startSmallServer(t);
    const old = packageFiles({ algorithm: null, disks: { "old.vmdk": "old" } });
    const first = Object.entries({ ...old, "notes.txt": "notes" }).map(([name, text]) =>
      fileOf(Buffer.from(text), name),
    );
    const wishes = [{}, { removeOthers: true }, { removeOthers: true, keep: ["notes.txt"] }];
    for (const [at, wish] of wishes.entries()) {
      const item = { ...target, item: `vm ${at}` };
      await client.push({ ...item, files: first }).result;
      const { itemId } = await client.push({ ...item, ...wish, files: [fileOf(archive)] }).result;
      assert.deepEqual(await contentOf(client, itemId), STAYING);
      const again = await client.push({ ...item, ...wish, files: [fileOf(archive)] }).result;
      assert.equal(again.itemId, itemId);
      assert.deepEqual(await contentOf(client, itemId), STAYING);
    }
  });

  test("that its manifest contradicts fails with archive, member and both digests, and leaves the item as it was", async (t) => {
    const { client } = await startSmallServer(t);
    const lie = "bytes of a fisk";
    const files = [fileOf(ovaOf({ ...MEMBERS, [DISK]: lie }))];
    const error = await client.push({ ...target, files }).result.catch((told: unknown) => told);
    assert.ok(error instanceof PushError);
    assert.deepEqual([error.code, error.fileName], ["refused", "vm.ova"]);
    for (const text of [MEMBERS[DISK] ?? "", lie])
      assert.ok(error.message.includes(createHash("sha256").update(text).digest("hex")));
    assert.match(error.message, /vm\.ova: vm\.mf:2: vm-disk1\.vmdk/);
  });

  for (const [deed, fileFrom] of [
    ["sent", () => fileOf(archive)],
    ["fetched", (uri: string) => ({ name: "vm.ova", source: remoteSource({ uri }) })],
  ] as const)
    test(`is ${deed} into the item of an upload that died when all of it was there`, async (t) => {
      const { client, libraryId } = await startSmallServer(t);
      const uri = await startSource(t);
      const create_spec = { library_id: libraryId, name: "vm", type: "ovf" };
      const itemId = await client.item.create({ create_spec });
      const left = { create_spec: { library_item_id: itemId } };
      const update_session_id = await client.updateSession.create(left);
      const file_spec = { name: "vm.ova", source_type: "PUSH" as const };
      const added = await client.updateSessionFile.add({ update_session_id, file_spec });
      const body = Uint8Array.from(archive);
      await fetch(added.upload_endpoint?.uri ?? "", { method: "PUT", body });
      const byName = { update_session_id, file_name: "vm.ova" };
      assert.equal((await client.updateSessionFile.get(byName)).status, "READY");
      await client.upload({ itemId, files: [fileFrom(uri)] }).result;
      assert.deepEqual(await contentOf(client, itemId), STAYING);
    });
});
