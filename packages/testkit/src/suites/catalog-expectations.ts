import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Change } from "@contentlib/server/ports/change";
import { anItemId, aLibraryId, anUpdateSessionId } from "../builders/ids.ts";
import { anItem } from "../builders/libraries.ts";
import { anUpdateSession, endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  storeItem,
  storeLibrary,
  withCatalog,
} from "./catalog-subject.ts";

/** How many sets expect the same row at once. */
const CONCURRENT_SETS = 20;

/** Stores what can be expected; `move` writes the row again, `remove` takes it away. */
interface Expected {
  expectAt(rev: number): Change;
  rev(): Promise<number | undefined>;
  move(): Promise<void>;
  remove(): Promise<void>;
}

const storeExpectedItem = async (catalog: Catalog): Promise<Expected> => {
  const item = await storeItem(catalog);
  const rev = async () => (await catalog.findItem(item.id))?.rev;
  return {
    rev,
    expectAt: (at) => ({ kind: "item.expect", id: item.id, rev: at }),
    move: async () => await commit(catalog, { kind: "item.put", item, rev: (await rev()) ?? 0 }),
    remove: async () =>
      await commit(catalog, { kind: "item.delete", id: item.id, rev: (await rev()) ?? 0 }),
  };
};

const storeExpectedLibrary = async (catalog: Catalog): Promise<Expected> => {
  const library = await storeLibrary(catalog);
  const rev = async () => (await catalog.findLibrary(library.id))?.rev;
  return {
    rev,
    expectAt: (at) => ({ kind: "library.expect", id: library.id, rev: at }),
    move: async () =>
      await commit(catalog, { kind: "library.put", library, rev: (await rev()) ?? 0 }),
    remove: async () =>
      await commit(catalog, { kind: "library.delete", id: library.id, rev: (await rev()) ?? 0 }),
  };
};

const storeExpectedSession = async (catalog: Catalog): Promise<Expected> => {
  const item = await storeItem(catalog);
  const session = anUpdateSession({ itemId: item.id, itemContentVersion: item.contentVersion });
  await commit(catalog, { kind: "session.create", session, files: [] });
  const { id } = session;
  const rev = async () => (await catalog.findSessionHead(id))?.rev;
  return {
    rev,
    expectAt: (at) => ({ kind: "session.expect", id, rev: at }),
    move: async () => {
      const canceled = endedSession(session, "CANCELED");
      await commit(catalog, { kind: "session.put", session: canceled, rev: (await rev()) ?? 0 });
    },
    remove: async () =>
      await commit(catalog, { kind: "session.delete", id, rev: (await rev()) ?? 0 }),
  };
};

/** What a set can say it was decided on without writing it. */
export const describeExpectations = (subject: CatalogSubject): void => {
  for (const [what, store] of [
    ["an item", storeExpectedItem],
    ["a library", storeExpectedLibrary],
    ["a session", storeExpectedSession],
  ] as const) {
    describe(`expecting ${what}`, () => {
      test("writes nothing, so many sets can expect it at once", () =>
        withCatalog(subject, async (catalog) => {
          const expected = await store(catalog);
          const rev = (await expected.rev()) ?? 0;
          const { id: libraryId } = await storeLibrary(catalog);
          await Promise.all(
            Array.from({ length: CONCURRENT_SETS }, async () => {
              const item = anItem({ libraryId });
              await commit(catalog, expected.expectAt(rev), { kind: "item.put", item, rev: null });
            }),
          );
          assert.equal(await expected.rev(), rev);
        }));

      test("clashes once it was written or is gone, and nothing of the set is kept", () =>
        withCatalog(subject, async (catalog) => {
          const expected = await store(catalog);
          const rev = (await expected.rev()) ?? 0;
          const item = anItem({ libraryId: (await storeLibrary(catalog)).id });
          const put: Change = { kind: "item.put", item, rev: null };
          await expected.move();
          await commitClashing(catalog, "row", put, expected.expectAt(rev));
          await expected.remove();
          await commitClashing(catalog, "row", put, expected.expectAt(rev));
          assert.equal(await catalog.findItem(item.id), null);
        }));
    });
  }

  test("an item is idle while no update session on it is ACTIVE, and only then can be expected to be", () =>
    withCatalog(subject, async (catalog) => {
      const [item, other] = [await storeItem(catalog), await storeItem(catalog)];
      const session = anUpdateSession({ itemId: item.id, itemContentVersion: item.contentVersion });
      const idle: Change = { kind: "item.expect-idle", id: item.id };
      await commit(catalog, idle);
      await commit(catalog, { kind: "session.create", session, files: [] });
      const { id: libraryId } = await storeLibrary(catalog);
      const put: Change = { kind: "item.put", item: anItem({ libraryId }), rev: null };
      await commitClashing(catalog, "active-session", put, idle);
      assert.equal(await catalog.findItem(put.item.id), null);
      await commit(catalog, { kind: "item.expect-idle", id: other.id });
      const rev = (await catalog.findSessionHead(session.id))?.rev ?? 0;
      await commit(catalog, {
        kind: "session.put",
        session: endedSession(session, "CANCELED"),
        rev,
      });
      await commit(catalog, put, idle);
    }));

  test("what never was can not be expected", () =>
    withCatalog(subject, async (catalog) => {
      await commitClashing(catalog, "row", { kind: "item.expect", id: anItemId(), rev: 1 });
      await commitClashing(catalog, "row", { kind: "library.expect", id: aLibraryId(), rev: 1 });
      const id = anUpdateSessionId();
      await commitClashing(catalog, "row", { kind: "session.expect", id, rev: 1 });
    }));
};
