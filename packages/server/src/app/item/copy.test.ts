import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBlob } from "@contentlib/testkit/bytes/read-blob";
import { aDigest } from "@contentlib/testkit/builders/ids";
import { aLibrary } from "@contentlib/testkit/builders/libraries";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { aCall, diskStorage, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";
const TOKEN = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
/** Longer than a blob without a reference stays. */
const PAST_THE_GRACE_MS = 120_000;

type CopySpec = Parameters<SessionRig["handlers"]["item.copy"]>[0]["destination_create_spec"];

const libraryOf = async (rig: SessionRig): Promise<string> => (await rig.item()).library_id;

const copy = async (
  rig: SessionRig,
  spec: Partial<CopySpec> = {},
  over: { readonly client_token?: string; readonly source?: string } = {},
): Promise<string> =>
  await rig.handlers["item.copy"](
    {
      source_library_item_id: over.source ?? rig.itemId,
      destination_create_spec: { library_id: await libraryOf(rig), name: "copy", ...spec },
      ...(over.client_token === undefined ? {} : { client_token: over.client_token }),
    },
    aCall(),
  );

const get = async (rig: SessionRig, library_item_id: string) =>
  await rig.handlers["item.get"]({ library_item_id }, aCall());

const filesOf = async (rig: SessionRig, library_item_id: string) =>
  await rig.handlers["itemFile.list"]({ library_item_id }, aCall());

const itemsOf = async (rig: SessionRig, library_id: string): Promise<readonly string[]> =>
  await wholeList(await rig.handlers["item.list"]({ library_id }, aCall()));

const deleteItem = async (rig: SessionRig, library_item_id: string): Promise<void> =>
  await rig.handlers["item.delete"]({ library_item_id }, aCall());

/** A rig whose item has two files, one of them in its second version. */
const filled = async (around?: Parameters<typeof SessionRig.open>[0]): Promise<SessionRig> => {
  const rig = await SessionRig.open(around);
  await rig.fill({ "a.iso": "old bytes", "b.iso": "bytes of b" });
  await rig.openSession();
  await rig.fill({ "a.iso": "bytes of a" });
  return rig;
};

/** A rig that does something right before the next copy is committed. */
const filledWith = async (meanwhile: (rig: SessionRig) => Promise<unknown>) => {
  let isArmed = false;
  const rig = await filled((storage) => ({
    ...storage,
    catalog: catalogAround(storage.catalog, async (name, proceed) => {
      if (isArmed && name.includes("item.put")) {
        isArmed = false;
        await meanwhile(rig);
      }
      return await proceed();
    }),
  }));
  return { rig, arm: () => (isArmed = true) };
};

describe("a copy", () => {
  test("is an item of its own with the same bytes, of which none was moved", async () => {
    const rig = await filled();
    const blobs = await Array.fromAsync(rig.storage.blobs.list());
    await rig.clock.advance(5_000);
    const id = await copy(rig, { description: "a copy" });
    assert.deepEqual(await Array.fromAsync(rig.storage.blobs.list()), blobs);
    const [source, copied] = [await rig.item(), await get(rig, id)];
    const at = new Date(rig.clock.now()).toISOString();
    assert.deepEqual(copied, {
      ...source,
      id,
      name: "copy",
      description: "a copy",
      content_version: "2",
      creation_time: at,
      last_modified_time: at,
    });
    assert.equal(source.content_version, "3");
    assert.deepEqual(
      await filesOf(rig, id),
      (await rig.itemFiles()).map((file) => ({ ...file, version: "1" })),
    );
  });

  test("tells who made it", async () => {
    const rig = await filled();
    const id = await copy(rig);
    const changes = await rig.handlers["itemChange.list"]({ library_item: id }, aCall());
    assert.deepEqual(changes, [
      {
        version: "2",
        time: new Date(rig.clock.now()).toISOString(),
        user: "administrator@vsphere.local",
      },
    ]);
  });

  test("of an item without files is an empty item without changes", async () => {
    const rig = await SessionRig.open();
    const id = await copy(rig);
    assert.equal((await get(rig, id)).content_version, "1");
    assert.deepEqual(await filesOf(rig, id), []);
    assert.deepEqual(await rig.handlers["itemChange.list"]({ library_item: id }, aCall()), []);
  });

  test("keeps its bytes when the source is deleted and collected, and takes changes of its own", async () => {
    const rig = await filled();
    const id = await copy(rig);
    await deleteItem(rig, rig.itemId);
    await rig.clock.advance(PAST_THE_GRACE_MS);
    await rig.rig.app.duties.collectBlobs();
    const bytes = await readBlob(rig.storage.blobs, aDigest("bytes of a"));
    assert.equal(Buffer.from(bytes).toString(), "bytes of a");
    await assert.rejects(readBlob(rig.storage.blobs, aDigest("old bytes")));
    rig.itemId = id;
    await rig.openSession();
    await rig.fill({ "a.iso": "new bytes" });
    assert.equal((await rig.item()).content_version, "3");
    assert.deepEqual(
      (await rig.itemFiles()).map(({ name, version }) => [name, version]),
      [
        ["a.iso", "2"],
        ["b.iso", "1"],
      ],
    );
  });

  test("shows what the source had before a session on it is completed", async () => {
    const rig = await filled();
    await rig.openSession();
    await rig.send(await rig.add("c.iso"), "bytes of c");
    const id = await copy(rig);
    assert.deepEqual(
      (await filesOf(rig, id)).map(({ name }) => name),
      ["a.iso", "b.iso"],
    );
  });

  test("is still there, whole, after a restart, and its token still names it", () =>
    withScratchDirectory(async (directory) => {
      const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
      await rig.fill({ "a.iso": "bytes of a" });
      const id = await copy(rig, {}, { client_token: TOKEN });
      await deleteItem(rig, rig.itemId);
      await rig.storage.close();
      const again = await SessionRig.openOn((clock) => diskStorage(clock, directory));
      assert.equal((await filesOf(again, id)).length, 1);
      const bytes = await readBlob(again.storage.blobs, aDigest("bytes of a"));
      assert.equal(Buffer.from(bytes).toString(), "bytes of a");
      assert.equal(await copy(again, {}, { client_token: TOKEN }), id);
      await again.storage.close();
    }));
});

describe("what can not be copied", () => {
  test("what is not there, or to where nothing is", async () => {
    const rig = await filled();
    const library = await libraryOf(rig);
    for (const source of [NOWHERE, "", "no id"])
      await refusedWith("item.not_found", copy(rig, {}, { source }));
    for (const library_id of [NOWHERE, ""])
      await refusedWith("library.not_found", copy(rig, { library_id }));
    assert.deepEqual(await itemsOf(rig, library), [rig.itemId]);
  });

  test("anything into a subscribed library", async () => {
    const rig = await filled();
    const library = aLibrary({ type: "SUBSCRIBED" });
    await rig.storage.catalog.commit([{ kind: "library.put", library, rev: null }]);
    await refusedWith("library.wrong_type", copy(rig, { library_id: library.id }));
    assert.deepEqual(await itemsOf(rig, library.id), []);
  });

  test("under a name that is taken, and nothing is left", async () => {
    const rig = await filled();
    const library = await libraryOf(rig);
    await refusedWith("item.name_taken", copy(rig, { name: "DEBIAN" }));
    const outcomes = await Promise.allSettled([copy(rig), copy(rig), copy(rig)]);
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal((await itemsOf(rig, library)).length, 2);
  });

  test("under a name that is none, or with a token that is none", async () => {
    const rig = await filled();
    await refusedWith("item.invalid_property", copy(rig, { name: "" }));
    await refusedWith("client_token.invalid", copy(rig, {}, { client_token: "mine" }));
  });
});

test("a client_token makes one copy, however often it is sent, and for copy alone", async () => {
  const rig = await filled();
  const library = await libraryOf(rig);
  const sent = { client_token: TOKEN };
  const ids = await Promise.all([copy(rig, {}, sent), copy(rig, {}, sent), copy(rig, {}, sent)]);
  ids.push(await copy(rig, { name: "another" }, { ...sent, source: NOWHERE }));
  assert.equal(new Set(ids).size, 1);
  assert.equal((await itemsOf(rig, library)).length, 2);
  const made = await rig.handlers["item.create"](
    { client_token: TOKEN, create_spec: { library_id: library, name: "created" } },
    aCall(),
  );
  assert.notEqual(made, ids[0]);
});

test("many copies of one item are made at once", async () => {
  const rig = await filled();
  const names = Array.from({ length: 40 }, (_, number) => `copy ${number}`);
  const ids = await Promise.all(names.map((name) => copy(rig, { name })));
  assert.equal(new Set(ids).size, names.length);
});

describe("while a copy is made", () => {
  test("its source goes, and so do the bytes: it is not found, and nothing is left", async () => {
    const { rig, arm } = await filledWith(async (each) => {
      await deleteItem(each, each.itemId);
      await each.clock.advance(PAST_THE_GRACE_MS);
      await each.rig.app.duties.collectBlobs();
    });
    const library = await libraryOf(rig);
    arm();
    await refusedWith("item.not_found", copy(rig));
    assert.deepEqual(await itemsOf(rig, library), []);
    assert.deepEqual(await Array.fromAsync(rig.storage.blobs.list()), []);
  });

  test("its source changes: the copy is of the new content", async () => {
    const { rig, arm } = await filledWith(async (each) => {
      await each.openSession();
      await each.fill({ "b.iso": "new bytes of b" });
    });
    arm();
    const id = await copy(rig);
    assert.deepEqual(
      (await filesOf(rig, id)).map(({ checksum_info }) => checksum_info?.checksum),
      [aDigest("bytes of a"), aDigest("new bytes of b")],
    );
  });

  test("its library goes: it is not found", async () => {
    const { rig, arm } = await filledWith(async (each) =>
      each.handlers["library.delete"]({ library_id: target }, aCall()),
    );
    const target = await rig.handlers["localLibrary.create"](
      { create_spec: { name: "other" } },
      aCall(),
    );
    arm();
    await refusedWith("library.not_found", copy(rig, { library_id: target }));
  });
});
