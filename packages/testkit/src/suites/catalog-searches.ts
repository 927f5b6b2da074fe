import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PAGE_LENGTH_MAX } from "@contentlib/server/ports/pages";
import { aLibraryId } from "../builders/ids.ts";
import { aLibrary, anItem } from "../builders/libraries.ts";
import {
  allOf,
  type CatalogSubject,
  commit,
  storeItem,
  storeLibrary,
  withCatalog,
} from "./catalog-subject.ts";

/** More ids than a list that is answered on the calling thread may be thought to have. */
const LONG_LIST_IDS = 5_001;

/** How many libraries somebody may see without seeing all. */
const MANY_LIBRARIES = 1_000;

const idsOf = <Id>(rows: readonly { readonly id: Id }[]): readonly Id[] => rows.map(({ id }) => id);

/** Lists and searches of libraries and items. */
export const describeSearches = (subject: CatalogSubject): void => {
  describe("lists and searches", () => {
    test("libraries are listed in order of creation, all or those of one type", () =>
      withCatalog(subject, async (catalog) => {
        assert.deepEqual(await allOf(catalog.listLibraryIds()), []);
        const first = await storeLibrary(catalog, { id: aLibraryId(0xfff) });
        const second = await storeLibrary(catalog, { id: aLibraryId(0xaaa), type: "SUBSCRIBED" });
        const third = await storeLibrary(catalog, { id: aLibraryId(0xbbb) });
        assert.deepEqual(await allOf(catalog.listLibraryIds()), idsOf([first, second, third]));
        assert.deepEqual(await allOf(catalog.listLibraryIds("LOCAL")), idsOf([first, third]));
        assert.deepEqual(await allOf(catalog.listLibraryIds("SUBSCRIBED")), idsOf([second]));
      }));

    test("a change does not move a library in the list", () =>
      withCatalog(subject, async (catalog) => {
        const first = await storeLibrary(catalog);
        const second = await storeLibrary(catalog);
        const row = await catalog.findLibrary(first.id);
        assert.ok(row);
        await commit(catalog, {
          kind: "library.put",
          library: { ...first, name: "zzz" },
          rev: row.rev,
        });
        assert.deepEqual(await allOf(catalog.listLibraryIds()), idsOf([first, second]));
      }));

    test("libraries are found by name without case, by type, by both, by neither", () =>
      withCatalog(subject, async (catalog) => {
        const images = await storeLibrary(catalog, { name: "Images" });
        const twin = await storeLibrary(catalog, { name: "IMAGES", type: "SUBSCRIBED" });
        const other = await storeLibrary(catalog, { name: "Images 2" });
        assert.deepEqual(
          await allOf(catalog.findLibraryIds({ name: "images" })),
          idsOf([images, twin]),
        );
        assert.deepEqual(
          await allOf(catalog.findLibraryIds({ name: "images", type: "SUBSCRIBED" })),
          idsOf([twin]),
        );
        assert.deepEqual(
          await allOf(catalog.findLibraryIds({ type: "LOCAL" })),
          idsOf([images, other]),
        );
        assert.deepEqual(await allOf(catalog.findLibraryIds({})), idsOf([images, twin, other]));
        assert.deepEqual(await allOf(catalog.findLibraryIds({ name: "image" })), []);
      }));

    test("a library is found by its new name only", () =>
      withCatalog(subject, async (catalog) => {
        const library = await storeLibrary(catalog, { name: "old" });
        const row = await catalog.findLibrary(library.id);
        assert.ok(row);
        await commit(catalog, {
          kind: "library.put",
          library: { ...library, name: "new" },
          rev: row.rev,
        });
        assert.deepEqual(await allOf(catalog.findLibraryIds({ name: "old" })), []);
        assert.deepEqual(await allOf(catalog.findLibraryIds({ name: "NEW" })), [library.id]);
      }));

    test("items are listed by library in order of creation", () =>
      withCatalog(subject, async (catalog) => {
        const first = await storeItem(catalog, { name: "z" });
        await storeItem(catalog);
        const second = await storeItem(catalog, { name: "a", libraryId: first.libraryId });
        assert.deepEqual(await allOf(catalog.listItemIds(first.libraryId)), idsOf([first, second]));
        assert.deepEqual(await allOf(catalog.listItemIds(aLibraryId())), []);
      }));

    test("items are found by all criteria given, name and type without case", () =>
      withCatalog(subject, async (catalog) => {
        const here = await storeItem(catalog, { name: "Disk", type: "iso" });
        const there = await storeItem(catalog, { name: "disk", type: "ovf" });
        const beside = await storeItem(catalog, {
          name: "other",
          type: "ISO",
          libraryId: here.libraryId,
        });
        const { libraryId } = here;
        assert.deepEqual(await allOf(catalog.findItemIds({ name: "DISK" })), idsOf([here, there]));
        assert.deepEqual(await allOf(catalog.findItemIds({ libraryId })), idsOf([here, beside]));
        assert.deepEqual(await allOf(catalog.findItemIds({ type: "Iso" })), idsOf([here, beside]));
        assert.deepEqual(
          await allOf(catalog.findItemIds({ name: "disk", libraryId })),
          idsOf([here]),
        );
        assert.deepEqual(
          await allOf(catalog.findItemIds({ name: "disk", type: "OVF" })),
          idsOf([there]),
        );
        assert.deepEqual(
          await allOf(catalog.findItemIds({ libraryId, type: "iso" })),
          idsOf([here, beside]),
        );
        assert.deepEqual(
          await allOf(catalog.findItemIds({ name: "other", libraryId, type: "iso" })),
          idsOf([beside]),
        );
        assert.deepEqual(
          await allOf(catalog.findItemIds({ name: "other", libraryId, type: "ovf" })),
          [],
        );
        assert.deepEqual(await allOf(catalog.findItemIds({})), idsOf([here, there, beside]));
      }));

    test("items are found by the type of their library, alone and with the other criteria", () =>
      withCatalog(subject, async (catalog) => {
        const { id: subscribed } = await storeLibrary(catalog, { type: "SUBSCRIBED" });
        const { id: local } = await storeLibrary(catalog);
        const there = await storeItem(catalog, { libraryId: subscribed, name: "disk" });
        const here = await storeItem(catalog, { libraryId: local, name: "Disk", type: "iso" });
        const beside = await storeItem(catalog, { libraryId: local, type: "ISO" });
        const found = async (
          criteria: Parameters<typeof catalog.findItemIds>[0],
        ): Promise<readonly unknown[]> => await allOf(catalog.findItemIds(criteria));
        const libraryType = "LOCAL";
        assert.deepEqual(await found({ libraryType }), idsOf([here, beside]));
        assert.deepEqual(await found({ libraryType: "SUBSCRIBED" }), idsOf([there]));
        assert.deepEqual(await found({ libraryType, name: "DISK" }), idsOf([here]));
        assert.deepEqual(await found({ libraryType, type: "iso" }), idsOf([here, beside]));
        assert.deepEqual(await found({ libraryType, libraryId: local }), idsOf([here, beside]));
        assert.deepEqual(await found({ libraryType, libraryId: subscribed }), []);
        const all = { libraryType, libraryId: local, name: "disk", type: "iso" } as const;
        assert.deepEqual(await found(all), idsOf([here]));
      }));

    test("items are found in some libraries only, alone and with the other criteria", () =>
      withCatalog(subject, async (catalog) => {
        const here = await storeItem(catalog, { name: "disk", type: "iso" });
        const there = await storeItem(catalog, { name: "Disk", type: "ovf" });
        const beside = await storeItem(catalog, { libraryId: here.libraryId, type: "ovf" });
        const hidden = await storeItem(catalog, { name: "disk", type: "iso" });
        const found = async (
          criteria: Parameters<typeof catalog.findItemIds>[0],
        ): Promise<readonly unknown[]> => await allOf(catalog.findItemIds(criteria));
        const libraryIds = [there.libraryId, here.libraryId, aLibraryId(), here.libraryId];
        assert.deepEqual(await found({ libraryIds }), idsOf([here, there, beside]));
        assert.deepEqual(await found({ libraryIds: [here.libraryId] }), idsOf([here, beside]));
        assert.deepEqual(await found({ libraryIds: [] }), []);
        assert.deepEqual(await found({ libraryIds, name: "DISK" }), idsOf([here, there]));
        assert.deepEqual(await found({ libraryIds: [], name: "disk" }), []);
        assert.deepEqual(await found({ libraryIds, type: "OVF" }), idsOf([there, beside]));
        assert.deepEqual(await found({ libraryIds, name: "disk", type: "ovf" }), idsOf([there]));
        const { libraryId } = here;
        assert.deepEqual(await found({ libraryIds, libraryId }), idsOf([here, beside]));
        assert.deepEqual(await found({ libraryIds, libraryId: hidden.libraryId }), []);
        const all = { libraryIds, libraryId, name: "disk", type: "iso" };
        assert.deepEqual(await found({ ...all, libraryType: "LOCAL" }), idsOf([here]));
        assert.deepEqual(await found({ ...all, libraryType: "SUBSCRIBED" }), []);
        assert.deepEqual(
          await found({ libraryIds, libraryType: "LOCAL" }),
          idsOf([here, there, beside]),
        );
      }));

    test("items of a thousand libraries among more are found in pages, in order of creation", () =>
      withCatalog(subject, async (catalog) => {
        const libraries = Array.from({ length: MANY_LIBRARIES + 100 }, () => aLibrary());
        const items = Array.from({ length: 3 * libraries.length }, (_, at) =>
          anItem({ libraryId: libraries[(at * 7) % libraries.length]!.id, type: "iso" }),
        );
        await commit(
          catalog,
          ...libraries.map((library) => ({ kind: "library.put", library, rev: null }) as const),
          ...items.map((item) => ({ kind: "item.put", item, rev: null }) as const),
        );
        const libraryIds = idsOf(libraries.slice(0, MANY_LIBRARIES));
        const seen = new Set(libraryIds);
        const expected = idsOf(items.filter(({ libraryId }) => seen.has(libraryId)));
        for (const criteria of [{}, { type: "iso" }, { libraryType: "LOCAL" } as const]) {
          const pages = await Array.fromAsync(catalog.findItemIds({ libraryIds, ...criteria }));
          assert.deepEqual(
            pages.map(({ length }) => length),
            [PAGE_LENGTH_MAX, PAGE_LENGTH_MAX, PAGE_LENGTH_MAX],
          );
          assert.deepEqual(pages.flat(), expected);
        }
      }));

    test("a list of thousands is whole and in order", () =>
      withCatalog(subject, async (catalog) => {
        const { id: libraryId } = await storeLibrary(catalog);
        const items = Array.from({ length: LONG_LIST_IDS }, () => anItem({ libraryId }));
        await commit(
          catalog,
          ...items.map((item) => ({ kind: "item.put", item, rev: null }) as const),
        );
        const lists = await Promise.all([
          allOf(catalog.listItemIds(libraryId)),
          allOf(catalog.listItemIds(libraryId)),
        ]);
        for (const list of lists) assert.deepEqual(list, idsOf(items));
        const late = await storeItem(catalog, { libraryId });
        assert.equal((await allOf(catalog.listItemIds(libraryId))).at(-1), late.id);
      }));
  });
};
