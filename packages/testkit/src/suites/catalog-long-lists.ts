import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ItemId, LibraryId } from "@contentlib/server/domain/ids";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Pages } from "@contentlib/server/ports/pages";
import { LIST_IDLE_MAX_MS, PAGE_LENGTH_MAX } from "@contentlib/server/ports/pages";
import { anItem } from "../builders/libraries.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import {
  allOf,
  type CatalogSubject,
  commit,
  deleteItem,
  storeItem,
  storeLibrary,
  withCatalog,
} from "./catalog-subject.ts";

/** Enough items for three pages, the last of them short. */
const ITEMS = 2 * PAGE_LENGTH_MAX + 7;
/** More long lists than find room together in a catalog of the suite. */
const MANY_LISTS = 64;
/** Longer than a list waits for its turn. */
const LONG_WAIT_MS = LIST_IDLE_MAX_MS - 1;

interface Stored {
  readonly libraryId: LibraryId;
  readonly ids: readonly ItemId[];
}

const storeItems = async (catalog: Catalog, count = ITEMS): Promise<Stored> => {
  const { id: libraryId } = await storeLibrary(catalog);
  const items = Array.from({ length: count }, () => anItem({ libraryId, type: "iso" }));
  await commit(catalog, ...items.map((item) => ({ kind: "item.put", item, rev: null }) as const));
  return { libraryId, ids: items.map(({ id }) => id) };
};

const begun = (pages: Pages<ItemId>): AsyncIterator<readonly ItemId[]> =>
  pages[Symbol.asyncIterator]();

const describePages = (subject: CatalogSubject): void => {
  test("no page is longer than the most, none is empty, and together they are the list", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId, ids } = await storeItems(catalog);
      for (const list of [
        () => catalog.listItemIds(libraryId),
        () => catalog.findItemIds({ libraryId, type: "iso" }),
        () => catalog.findItemIds({ libraryType: "LOCAL" }),
      ]) {
        const pages = await Array.fromAsync(list());
        assert.deepEqual(
          pages.map(({ length }) => length),
          [PAGE_LENGTH_MAX, PAGE_LENGTH_MAX, ITEMS - 2 * PAGE_LENGTH_MAX],
        );
        assert.deepEqual(pages.flat(), ids);
      }
    }));

  test("a list of nothing has no page, and one of as many as a page takes has one", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId, ids } = await storeItems(catalog, PAGE_LENGTH_MAX);
      assert.deepEqual(await Array.fromAsync(catalog.listItemIds(libraryId)), [ids]);
      const { id: empty } = await storeLibrary(catalog);
      assert.deepEqual(await Array.fromAsync(catalog.listItemIds(empty)), []);
      const criteria = { libraryId: empty, type: "iso" };
      assert.deepEqual(await Array.fromAsync(catalog.findItemIds(criteria)), []);
      const late = await storeItem(catalog, { libraryId });
      assert.deepEqual(await Array.fromAsync(catalog.listItemIds(libraryId)), [ids, [late.id]]);
    }));

  test("all pages are of one state, which was committed before the first was asked for", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId, ids } = await storeItems(catalog);
      const list = catalog.listItemIds(libraryId);
      const before = await storeItem(catalog, { libraryId });
      const reading = begun(list);
      const first = await reading.next();
      await deleteItem(catalog, ids[PAGE_LENGTH_MAX]!);
      await storeItem(catalog, { libraryId });
      const rest: ItemId[] = [];
      for (;;) {
        const next = await reading.next();
        if (next.done === true) break;
        rest.push(...next.value);
      }
      assert.deepEqual([...(first.value as readonly ItemId[]), ...rest], [...ids, before.id]);
    }));

  test("a list can be read once", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId, ids } = await storeItems(catalog);
      const list = catalog.listItemIds(libraryId);
      assert.deepEqual(await allOf(list), ids);
      assert.deepEqual(await allOf(list), []);
    }));

  test("a list that is being read is unavailable once the catalog is closed", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId } = await storeItems(catalog);
      const list = begun(catalog.listItemIds(libraryId));
      const late = catalog.listItemIds(libraryId);
      await list.next();
      await catalog.close();
      await assert.rejects(list.next(), portErrorWith("unavailable"));
      await assert.rejects(allOf(late), portErrorWith("unavailable"));
    }));
};

const describePatience = (subject: CatalogSubject): void => {
  test("a list that nobody asks for in time is given up, however often it was asked before", () =>
    withCatalog(subject, async (catalog, clock) => {
      const { libraryId, ids } = await storeItems(catalog);
      const list = begun(catalog.listItemIds(libraryId));
      clock.pass(LIST_IDLE_MAX_MS);
      assert.deepEqual((await list.next()).value, ids.slice(0, PAGE_LENGTH_MAX));
      clock.pass(LIST_IDLE_MAX_MS - 1);
      assert.deepEqual((await list.next()).value, ids.slice(PAGE_LENGTH_MAX, 2 * PAGE_LENGTH_MAX));
      clock.pass(LIST_IDLE_MAX_MS);
      await assert.rejects(list.next(), portErrorWith("cancelled"));
      assert.deepEqual(await list.next(), { done: true, value: undefined });
    }));

  test("the last page holds nothing, so it can take its time", () =>
    withCatalog(subject, async (catalog, clock) => {
      const { libraryId, ids } = await storeItems(catalog);
      const seen: ItemId[] = [];
      for await (const page of catalog.listItemIds(libraryId)) {
        seen.push(...page);
        if (seen.length === ITEMS) clock.pass(2 * LIST_IDLE_MAX_MS);
      }
      assert.deepEqual(seen, ids);
    }));
};

const describePlaces = (subject: CatalogSubject): void => {
  /** Begins lists until one has to wait: those that have their first page, and the one that waits. */
  const fill = async (
    catalog: Catalog,
    libraryId: LibraryId,
  ): Promise<{
    readonly open: readonly AsyncIterator<readonly ItemId[]>[];
    readonly waiting: Promise<IteratorResult<readonly ItemId[]>>;
    isWaiting(): boolean;
  }> => {
    const open: AsyncIterator<readonly ItemId[]>[] = [];
    while (open.length < MANY_LISTS) {
      const list = begun(catalog.listItemIds(libraryId));
      let isWaiting = true;
      const settled = (): void => {
        isWaiting = false;
      };
      const waiting = list.next();
      waiting.then(settled, settled);
      // A list that comes after has its whole answer before: so long does no list take that need not wait.
      for (let turn = 0; turn < 5 && isWaiting; turn += 1) {
        await Promise.race([waiting, allOf(catalog.findItemIds({ libraryId, type: "none" }))]);
      }
      if (isWaiting) return { open, waiting, isWaiting: () => isWaiting };
      open.push(list);
    }
    return assert.fail("any number of lists is held at once");
  };

  test("what lists hold together is bounded; the next waits for one that is returned", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId, ids } = await storeItems(catalog);
      const { open, waiting, isWaiting } = await fill(catalog, libraryId);
      assert.ok(open.length > 1);
      const short = await storeItem(catalog);
      assert.deepEqual(await allOf(catalog.listItemIds(short.libraryId)), [short.id]);
      await open[0]!.next();
      assert.ok(isWaiting());
      await open[1]!.return?.();
      assert.deepEqual((await waiting).value, ids.slice(0, PAGE_LENGTH_MAX));
      assert.deepEqual(await open[1]!.next(), { done: true, value: undefined });
      for (const list of open) await list.return?.();
    }));

  test("a place gets free with a list's last page, and when a list is given up", () =>
    withCatalog(subject, async (catalog, clock) => {
      const { libraryId } = await storeItems(catalog);
      const { open, waiting, isWaiting } = await fill(catalog, libraryId);
      await open[0]!.next();
      assert.ok(isWaiting());
      await open[0]!.next();
      assert.equal((await waiting).done, false);
      clock.pass(LIST_IDLE_MAX_MS);
      const again = await fill(catalog, libraryId);
      assert.equal(again.open.length, open.length);
      clock.pass(LIST_IDLE_MAX_MS);
      await again.waiting.catch(() => undefined);
    }));

  test("a list that gets no place for long is unavailable, and one after it is served again", () =>
    withCatalog(subject, async (catalog, clock) => {
      const { libraryId, ids } = await storeItems(catalog);
      const { open, waiting } = await fill(catalog, libraryId);
      clock.pass(LONG_WAIT_MS);
      await assert.rejects(waiting, portErrorWith("unavailable"));
      const next = catalog.listItemIds(libraryId);
      await open[0]!.return?.();
      assert.deepEqual(await allOf(next), ids);
      for (const list of open) await list.return?.();
    }));

  test("closing ends the wait for a place", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId } = await storeItems(catalog);
      const { waiting } = await fill(catalog, libraryId);
      await Promise.all([assert.rejects(waiting, portErrorWith("unavailable")), catalog.close()]);
    }));
};

/** Lists of more than one page: consistent, freed, and bounded in what they hold. */
export const describeLongLists = (subject: CatalogSubject): void => {
  describe("long lists", () => {
    describePages(subject);
    describePatience(subject);
    describePlaces(subject);
  });
};
