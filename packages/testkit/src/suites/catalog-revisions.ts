import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Item, ItemFile } from "@contentlib/server/domain/item";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Change } from "@contentlib/server/ports/change";
import { anItemId, BUILT_AT } from "../builders/ids.ts";
import { anItem, anItemFile, aRevision, headOf } from "../builders/libraries.ts";
import { aDownloadFile, aDownloadSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  deleteItem,
  deleteLibrary,
  isIdleSince,
  storeItem,
  storeLibrary,
  unreferenced,
  withCatalog,
} from "./catalog-subject.ts";

const LATER = BUILT_AT + 5_000;
const MANY = 1_000;

/** Gives the item these files as its next content version, and keeps that. */
const nextVersion = async (
  catalog: Catalog,
  before: Item,
  files: readonly ItemFile[],
  kept = MANY,
): Promise<Item> => {
  const item = { ...before, contentVersion: before.contentVersion + 1, files };
  const rev = (await catalog.findItem(item.id))?.rev ?? 0;
  const put: Change = { kind: "item.put", item, rev };
  await commit(catalog, put, { kind: "revision.put", revision: aRevision(item), kept });
  return item;
};

const versionsOf = async (catalog: Catalog, id: Item["id"]): Promise<readonly number[]> =>
  (await catalog.listRevisions(id)).map(({ contentVersion }) => contentVersion);

const describeKeeping = (subject: CatalogSubject): void => {
  test("come back as they were put, the newest first, each by its number", () =>
    withCatalog(subject, async (catalog) => {
      const first = await nextVersion(catalog, await storeItem(catalog), [anItemFile()]);
      const second = await nextVersion(catalog, first, [...first.files, anItemFile()]);
      await nextVersion(catalog, await storeItem(catalog), [anItemFile()]);
      const [older, newer] = [aRevision(first), aRevision(second)];
      assert.deepEqual(await catalog.listRevisions(first.id), [headOf(newer), headOf(older)]);
      for (const revision of [older, newer]) {
        const { contentVersion, files } = revision;
        assert.deepEqual(await catalog.findRevision(first.id, contentVersion), headOf(revision));
        assert.deepEqual(await catalog.findRevisionFiles(first.id, contentVersion), files);
      }
      for (const [id, version] of [
        [first.id, 1],
        [anItemId(), 2],
      ] as const) {
        assert.equal(await catalog.findRevision(id, version), null);
        assert.equal(await catalog.findRevisionFiles(id, version), null);
      }
      assert.deepEqual(await catalog.listRevisions(anItemId()), []);
    }));

  test("need their item, at that very content version", () =>
    withCatalog(subject, async (catalog) => {
      const item = await storeItem(catalog, { contentVersion: 2 });
      const put = (of: Item): Change => ({
        kind: "revision.put",
        revision: aRevision(of),
        kept: MANY,
      });
      await commitClashing(catalog, "item-gone", put(anItem({ contentVersion: 2 })));
      await commitClashing(catalog, "row", put({ ...item, contentVersion: 1 }));
      await commitClashing(catalog, "row", put({ ...item, contentVersion: 3 }));
      assert.deepEqual(await catalog.listRevisions(item.id), []);
    }));

  test("can be expected as long as they are kept, which writes nothing", () =>
    withCatalog(subject, async (catalog) => {
      const first = await nextVersion(catalog, await storeItem(catalog), []);
      const expecting = (contentVersion: number): Change => ({
        kind: "revision.expect",
        itemId: first.id,
        contentVersion,
      });
      await commit(catalog, expecting(2), expecting(2));
      const item = anItem({ libraryId: first.libraryId });
      const put: Change = { kind: "item.put", item, rev: null };
      for (const version of [1, 3]) await commitClashing(catalog, "row", put, expecting(version));
      await nextVersion(catalog, first, [], 1);
      await commitClashing(catalog, "row", put, expecting(2));
      await commit(catalog, put, expecting(3));
      const other: Change = { kind: "revision.expect", itemId: anItemId(), contentVersion: 2 };
      await commitClashing(catalog, "row", other);
    }));

  test("a version that is there is replaced", () =>
    withCatalog(subject, async (catalog) => {
      const file = anItemFile();
      const item = await nextVersion(catalog, await storeItem(catalog), [file]);
      const revision = aRevision(item, { files: [], message: "nothing" });
      await commit(catalog, { kind: "revision.put", revision, kept: MANY });
      assert.deepEqual(await catalog.listRevisions(item.id), [headOf(revision)]);
      assert.deepEqual(await catalog.findRevisionFiles(item.id, 2), []);
      const { userName: _, ...unknown } = aRevision(item);
      await commit(catalog, { kind: "revision.put", revision: unknown, kept: MANY });
      assert.deepEqual(await catalog.findRevision(item.id, 2), headOf(unknown));
      assert.deepEqual(await catalog.findRevisionFiles(item.id, 2), [file]);
    }));

  test("only the last are kept, counted by number, and those of other items stay", () =>
    withCatalog(subject, async (catalog) => {
      const other = await nextVersion(catalog, await storeItem(catalog), []);
      let item = await storeItem(catalog);
      for (let version = 2; version <= 6; version += 1) {
        item = await nextVersion(catalog, item, [], 3);
      }
      assert.deepEqual(await versionsOf(catalog, item.id), [6, 5, 4]);
      item = await nextVersion(catalog, { ...item, contentVersion: 7 }, [], 3);
      assert.deepEqual(await versionsOf(catalog, item.id), [8, 6]);
      await nextVersion(catalog, item, [], 1);
      assert.deepEqual(await versionsOf(catalog, item.id), [9]);
      assert.deepEqual(await versionsOf(catalog, other.id), [2]);
    }));
};

const describeHolding = (subject: CatalogSubject): void => {
  test("hold the blobs of their files until they are forgotten, and let go of them at that instant", () =>
    withCatalog(subject, async (catalog, clock) => {
      const [old, kept] = [anItemFile(), anItemFile()];
      const first = await nextVersion(catalog, await storeItem(catalog), [old, kept], 2);
      const second = await nextVersion(catalog, first, [kept], 2);
      assert.deepEqual(await unreferenced(catalog), []);
      assert.equal(await catalog.housekeeping.doom(old.digest), false);
      clock.now = LATER;
      await nextVersion(catalog, second, [], 2);
      assert.ok(await isIdleSince(catalog, old.digest, LATER));
      assert.deepEqual(await unreferenced(catalog), [old.digest]);
    }));

  test("a set that clashes forgets nothing", () =>
    withCatalog(subject, async (catalog) => {
      const first = await nextVersion(catalog, await storeItem(catalog), [anItemFile()]);
      const second = await nextVersion(catalog, first, []);
      const put: Change = { kind: "revision.put", revision: aRevision(second), kept: 1 };
      await commitClashing(catalog, "row", put, { kind: "item.put", item: second, rev: 0 });
      assert.deepEqual(await versionsOf(catalog, first.id), [3, 2]);
      assert.deepEqual(await unreferenced(catalog), []);
    }));

  test("can not begin to hold a blob that is being deleted", () =>
    withCatalog(subject, async (catalog) => {
      const item = await storeItem(catalog, { contentVersion: 2 });
      const file = anItemFile();
      await catalog.housekeeping.doom(file.digest);
      const revision = aRevision(item, { files: [file] });
      await commitClashing(catalog, "pin-lapsed", { kind: "revision.put", revision, kept: MANY });
      assert.equal(await catalog.findRevision(item.id, 2), null);
    }));

  test("go with their item, blobs and all, while a sibling's stay", () =>
    withCatalog(subject, async (catalog, clock) => {
      const [old, present, others] = [anItemFile(), anItemFile(), anItemFile()];
      const first = await nextVersion(catalog, await storeItem(catalog), [old]);
      const item = await nextVersion(catalog, first, [present]);
      const { libraryId } = item;
      const sibling = await nextVersion(catalog, await storeItem(catalog, { libraryId }), [others]);
      await nextVersion(catalog, sibling, []);
      clock.now = LATER;
      await deleteItem(catalog, item.id);
      assert.deepEqual(await catalog.listRevisions(item.id), []);
      const gone = [old.digest, present.digest];
      assert.deepEqual((await unreferenced(catalog)).toSorted(), gone.toSorted());
      for (const digest of gone) assert.ok(await isIdleSince(catalog, digest, LATER));
      assert.deepEqual(await versionsOf(catalog, sibling.id), [3, 2]);
    }));

  test("go with their library, blobs and all, but not what another one shares", () =>
    withCatalog(subject, async (catalog, clock) => {
      const [old, shared] = [anItemFile(), anItemFile()];
      const item = await nextVersion(catalog, await storeItem(catalog), [old, shared]);
      await nextVersion(catalog, item, []);
      const elsewhere = await nextVersion(catalog, await storeItem(catalog), [shared]);
      await nextVersion(catalog, elsewhere, []);
      clock.now = LATER;
      await deleteLibrary(catalog, item.libraryId);
      assert.equal(await catalog.findRevision(item.id, 2), null);
      assert.deepEqual(await unreferenced(catalog), [old.digest]);
      assert.ok(await isIdleSince(catalog, old.digest, LATER));
    }));

  test("are told as references, each digest once", () =>
    withCatalog(subject, async (catalog) => {
      const [old, present, read] = [anItemFile(), anItemFile(), anItemFile({ sizeBytes: 77 })];
      const first = await nextVersion(catalog, await storeItem(catalog), [old, present]);
      await nextVersion(catalog, first, [present]);
      const session = aDownloadSession({ files: [aDownloadFile({ file: read })] });
      await commit(catalog, { kind: "download.put", session, rev: null });
      const told = await Array.fromAsync(catalog.housekeeping.listReferences());
      assert.deepEqual(
        told.map(({ digest }) => digest).toSorted(),
        [old.digest, present.digest, read.digest].toSorted(),
      );
      const ofOld = told.find(({ digest }) => digest === old.digest);
      assert.equal(ofOld?.sizeBytes, old.sizeBytes);
      assert.match(ofOld.holder, new RegExp(`${first.id}@2`));
    }));
};

const describePurging = (subject: CatalogSubject): void => {
  const limits = {
    endedBefore: 0,
    loginsIdleSince: 0,
    loginsCreatedBefore: 0,
    tokensBefore: 0,
    auditBefore: 0,
  };

  test("purging forgets those beyond the last of their item, and tells how many", () =>
    withCatalog(subject, async (catalog, clock) => {
      const files = [anItemFile(), anItemFile(), anItemFile()];
      let item = await storeItem(catalog);
      for (const file of files) item = await nextVersion(catalog, item, [file]);
      const short = await nextVersion(catalog, await storeItem(catalog), []);
      clock.now = LATER;
      assert.equal(await catalog.housekeeping.purge({ ...limits, revisionsKept: 3 }), 0);
      assert.equal(await catalog.housekeeping.purge({ ...limits, revisionsKept: 2 }), 1);
      assert.deepEqual(await versionsOf(catalog, item.id), [4, 3]);
      assert.equal(await catalog.housekeeping.purge({ ...limits, revisionsKept: 2 }), 0);
      assert.ok(await isIdleSince(catalog, files[0]!.digest, LATER));
      assert.equal(await catalog.housekeeping.purge({ ...limits, revisionsKept: 1 }), 1);
      assert.deepEqual(await versionsOf(catalog, item.id), [4]);
      assert.deepEqual(await versionsOf(catalog, short.id), [2]);
    }));

  test("purging goes by the number of the item's library, where that has one of its own", () =>
    withCatalog(subject, async (catalog) => {
      const libraries = [
        await storeLibrary(catalog),
        await storeLibrary(catalog, { revisionsKept: 1 }),
        await storeLibrary(catalog, { revisionsKept: 4 }),
      ];
      const items: Item[] = [];
      for (const { id: libraryId } of libraries) {
        let item = await storeItem(catalog, { libraryId });
        for (let version = 2; version <= 6; version += 1) {
          item = await nextVersion(catalog, item, []);
        }
        items.push(item);
      }
      const kept = async () =>
        await Promise.all(items.map(async ({ id }) => (await versionsOf(catalog, id)).length));
      assert.equal(await catalog.housekeeping.purge({ ...limits, revisionsKept: 3 }), 2 + 4 + 1);
      assert.deepEqual(await kept(), [3, 1, 4]);
      const [, , large] = libraries;
      assert.ok(large);
      const { revisionsKept: _, ...plain } = large;
      const rev = (await catalog.findLibrary(large.id))?.rev ?? 0;
      await commit(catalog, { kind: "library.put", library: plain, rev });
      assert.equal(await catalog.housekeeping.purge({ ...limits, revisionsKept: 3 }), 1);
      assert.deepEqual(await kept(), [3, 1, 3]);
      assert.equal(await catalog.housekeeping.purge({ ...limits, revisionsKept: 3 }), 0);
    }));

  test("more of them than one transaction takes go all the same", () =>
    withCatalog(subject, async (catalog) => {
      const { id: libraryId } = await storeLibrary(catalog);
      const items: Item[] = [];
      for (let count = 0; count < 3; count += 1) {
        let item = await storeItem(catalog, { libraryId });
        for (let version = 2; version <= 51; version += 1) {
          item = await nextVersion(catalog, item, []);
        }
        items.push(item);
      }
      const gone = await catalog.housekeeping.purge({ ...limits, revisionsKept: 1 });
      assert.equal(gone, items.length * 49);
      for (const { id } of items) assert.deepEqual(await versionsOf(catalog, id), [51]);
    }));
};

/** Content versions of an item that are kept, and the blobs they hold. */
export const describeRevisions = (subject: CatalogSubject): void => {
  describe("revisions", () => {
    describeKeeping(subject);
    describeHolding(subject);
    describePurging(subject);
  });
};
