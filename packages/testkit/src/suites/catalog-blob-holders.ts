import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Item } from "@contentlib/server/domain/item";
import type { LibraryId } from "@contentlib/server/domain/ids";
import type { BlobHolder } from "@contentlib/server/ports/catalog-reader";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aLibraryId } from "../builders/ids.ts";
import { anItem, anItemFile, aRevision } from "../builders/libraries.ts";
import {
  aDownloadFile,
  aDownloadSession,
  aPushedFile,
  aReadyReceipt,
} from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  deleteItem,
  storeItem,
  storeItemHolding,
  storeLibrary,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

/** Many more than are wanted. */
const OTHERS = 1_500;

const holderOf = async (catalog: Catalog, { id }: Item): Promise<BlobHolder> => {
  const row = await catalog.findItem(id);
  assert.ok(row);
  return { itemId: id, rev: row.rev };
};

const only = (...ids: readonly LibraryId[]): ReadonlySet<LibraryId> => new Set(ids);

/** Items by the bytes that they hold. */
export const describeBlobHolders = (subject: CatalogSubject): void => {
  describe("an item that holds bytes", () => {
    test("is found by digest and size together, with the version of its row", () =>
      withCatalog(subject, async (catalog) => {
        const file = anItemFile({ sizeBytes: 7 });
        const item = await storeItemHolding(catalog, file);
        await storeItemHolding(catalog, anItemFile({ sizeBytes: 7 }));
        const holder = await holderOf(catalog, item);
        assert.deepEqual(await catalog.findBlobHolder(file, null), holder);
        assert.deepEqual(await catalog.findBlobHolder(file, only(item.libraryId)), holder);
        assert.equal(await catalog.findBlobHolder({ ...file, sizeBytes: 8 }, null), null);
        assert.equal(await catalog.findBlobHolder(anItemFile({ sizeBytes: 7 }), null), null);
      }));

    test("is found in the libraries that are named alone", () =>
      withCatalog(subject, async (catalog) => {
        const file = anItemFile();
        const here = await storeItemHolding(catalog, file);
        const there = await storeItemHolding(catalog, file);
        for (const item of [here, there]) {
          const libraries = only(aLibraryId(), item.libraryId);
          const holder = await holderOf(catalog, item);
          assert.deepEqual(await catalog.findBlobHolder(file, libraries), holder);
        }
        assert.equal(await catalog.findBlobHolder(file, only(aLibraryId())), null);
        assert.equal(await catalog.findBlobHolder(file, only()), null);
      }));

    test("is one by its present content alone: no revision, no session holds for it", () =>
      withCatalog(subject, async (catalog) => {
        const file = anItemFile();
        const former = await storeItem(catalog, { files: [file], contentVersion: 2 });
        await commit(catalog, { kind: "revision.put", revision: aRevision(former), kept: 2 });
        const download = aDownloadSession({
          itemId: former.id,
          itemContentVersion: 2,
          files: [aDownloadFile({ file })],
        });
        await commit(catalog, { kind: "download.put", session: download, rev: null });
        const { rev } = await holderOf(catalog, former);
        const emptied = { ...former, files: [], contentVersion: 3 };
        await commit(catalog, { kind: "item.put", item: emptied, rev });
        const receipt = aReadyReceipt({ digest: file.digest, sizeBytes: file.sizeBytes });
        await storeSession(catalog, await storeItem(catalog), [aPushedFile({ receipt })]);
        assert.equal(await catalog.findBlobHolder(file, null), null);
      }));

    test("is none any more once it is deleted, and its version is not to be expected", () =>
      withCatalog(subject, async (catalog) => {
        const file = anItemFile();
        const item = await storeItemHolding(catalog, file);
        const { itemId: id, rev } = await holderOf(catalog, item);
        await commit(catalog, { kind: "item.expect", id, rev });
        await deleteItem(catalog, id);
        assert.equal(await catalog.findBlobHolder(file, null), null);
        await commitClashing(catalog, "row", { kind: "item.expect", id, rev });
      }));

    test("is found beside any number of others, and among any number of libraries", () =>
      withCatalog(subject, async (catalog) => {
        const file = anItemFile();
        const { id: libraryId } = await storeLibrary(catalog);
        const many = Array.from({ length: OTHERS }, () => ({
          kind: "item.put" as const,
          item: anItem({ libraryId, files: [file] }),
          rev: null,
        }));
        await commit(catalog, ...many);
        const one = await storeItemHolding(catalog, file);
        const holder = await holderOf(catalog, one);
        const libraries = Array.from({ length: OTHERS }, () => aLibraryId());
        for (const named of [only(one.libraryId), only(...libraries, one.libraryId)])
          assert.deepEqual(await catalog.findBlobHolder(file, named), holder);
        assert.equal(await catalog.findBlobHolder(file, only(...libraries)), null);
        assert.ok(await catalog.findBlobHolder(file, null));
      }));
  });
};
