import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anAccountId, anItemId, anUpdateSessionId } from "../builders/ids.ts";
import { endedSession } from "../builders/sessions.ts";
import {
  allOf,
  type CatalogSubject,
  commit,
  deleteItem,
  readSession,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

/** Which sessions a list shows: the owner's own, those of an item, those that are ACTIVE in a library. */
export const describeSessionLists = (subject: CatalogSubject): void => {
  describe("listing update sessions", () => {
    test("shows one owner its own sessions, in order of creation", () =>
      withCatalog(subject, async (catalog) => {
        const ownerId = anAccountId();
        const item = await storeItem(catalog);
        const first = await storeSession(catalog, item, [], {
          ownerId,
          id: anUpdateSessionId(0xfffff),
        });
        await storeSession(catalog, await storeItem(catalog));
        const second = await storeSession(catalog, await storeItem(catalog), [], {
          ownerId,
          id: anUpdateSessionId(0xaaaaa),
        });
        assert.deepEqual(await allOf(catalog.listSessionIds(ownerId)), [first.id, second.id]);
        assert.deepEqual(await allOf(catalog.listSessionIds(anAccountId())), []);
      }));

    test("takes an item, and then shows the sessions of that item only", () =>
      withCatalog(subject, async (catalog) => {
        const ownerId = anAccountId();
        const item = await storeItem(catalog);
        const ended = await storeSession(catalog, item, [], { ownerId });
        const { rev } = await readSession(catalog, ended.id);
        await commit(catalog, { kind: "session.put", session: endedSession(ended, "DONE"), rev });
        const active = await storeSession(catalog, item, [], { ownerId });
        await storeSession(catalog, await storeItem(catalog), [], { ownerId });
        assert.deepEqual(await allOf(catalog.listSessionIds(ownerId, item.id)), [
          ended.id,
          active.id,
        ]);
        assert.deepEqual(await allOf(catalog.listSessionIds(ownerId, anItemId())), []);
      }));

    test("leaves out what expired", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const { rev } = await readSession(catalog, session.id);
        await commit(catalog, {
          kind: "session.put",
          session: endedSession(session, "EXPIRED"),
          rev,
        });
        assert.deepEqual(await allOf(catalog.listSessionIds(session.ownerId)), []);
        assert.deepEqual(await allOf(catalog.listSessionIds(session.ownerId, session.itemId)), []);
      }));

    test("leaves out sessions whose item is gone, which can still be read", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const session = await storeSession(catalog, item);
        const { rev } = await readSession(catalog, session.id);
        const ended = endedSession(session, "CANCELED");
        await commit(catalog, { kind: "session.put", session: ended, rev });
        await deleteItem(catalog, item.id);
        assert.deepEqual(await allOf(catalog.listSessionIds(session.ownerId)), []);
        assert.deepEqual(await allOf(catalog.listSessionIds(session.ownerId, item.id)), []);
        assert.deepEqual((await readSession(catalog, session.id)).value, ended);
      }));

    test("finds the ACTIVE sessions of any item of a library", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const sibling = await storeItem(catalog, { libraryId: item.libraryId });
        const session = await storeSession(catalog, item);
        const other = await storeSession(catalog, sibling);
        await storeSession(catalog, await storeItem(catalog));
        const { rev } = await readSession(catalog, session.id);
        const scope = { libraryId: item.libraryId };
        const values = async (): Promise<readonly unknown[]> =>
          (await catalog.listActiveSessions(scope)).map(({ value }) => value);
        assert.deepEqual(await values(), [session, other]);
        await commit(catalog, { kind: "session.put", session: endedSession(session, "DONE"), rev });
        assert.deepEqual(await values(), [other]);
      }));
  });
};
