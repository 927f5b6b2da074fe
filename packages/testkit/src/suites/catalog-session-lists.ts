import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UpdateSession } from "@contentlib/server/domain/update-session";
import { PAGE_LENGTH_MAX } from "@contentlib/server/ports/pages";
import { anAccountId, anItemId, anUpdateSessionId, aTokenId } from "../builders/ids.ts";
import { anItem } from "../builders/libraries.ts";
import { anUpdateSession, endedSession } from "../builders/sessions.ts";
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

/** More sessions than one page may be thought to have. */
const MANY_SESSIONS = 1_201;

const describeAllSessions = (subject: CatalogSubject): void => {
  test("shows the sessions of everybody in order of creation, all or those of a state", () =>
    withCatalog(subject, async (catalog) => {
      assert.deepEqual(await allOf(catalog.listAllSessions()), []);
      const tokenId = aTokenId();
      const first = await storeSession(catalog, await storeItem(catalog), [], {
        id: anUpdateSessionId(0xfffffe),
        tokenId,
      });
      const second = await storeSession(catalog, await storeItem(catalog));
      const third = await storeSession(catalog, await storeItem(catalog), [], {
        id: anUpdateSessionId(0xaaaaab),
      });
      const done = endedSession(second, "DONE");
      const { rev } = await readSession(catalog, second.id);
      await commit(catalog, { kind: "session.put", session: done, rev });
      const expiresAt = first.expiresAt + 7;
      await commit(catalog, { kind: "session.extend", id: first.id, expiresAt });
      const extended = { ...first, expiresAt };
      assert.deepEqual(await allOf(catalog.listAllSessions()), [extended, done, third]);
      assert.deepEqual(await allOf(catalog.listAllSessions("ACTIVE")), [extended, third]);
      assert.deepEqual(await allOf(catalog.listAllSessions("DONE")), [done]);
      assert.deepEqual(await allOf(catalog.listAllSessions("ERROR")), []);
    }));

  test("shows nobody's that expired or whose item is gone", () =>
    withCatalog(subject, async (catalog) => {
      const expired = await storeSession(catalog, await storeItem(catalog));
      const item = await storeItem(catalog);
      const orphan = await storeSession(catalog, item);
      for (const ended of [endedSession(expired, "EXPIRED"), endedSession(orphan, "DONE")]) {
        const { rev } = await readSession(catalog, ended.id);
        await commit(catalog, { kind: "session.put", session: ended, rev });
      }
      assert.equal((await allOf(catalog.listAllSessions())).length, 1);
      await deleteItem(catalog, item.id);
      for (const state of [undefined, "EXPIRED", "DONE", "ACTIVE"] as const)
        assert.deepEqual(await allOf(catalog.listAllSessions(state)), []);
    }));

  test("comes in pages, none of them empty, each of when it was asked for", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId } = await storeItem(catalog);
      const items = Array.from({ length: MANY_SESSIONS }, () => anItem({ libraryId }));
      const sessions = items.map(({ id: itemId }) => anUpdateSession({ itemId }));
      await commit(
        catalog,
        ...items.map((item) => ({ kind: "item.put", item, rev: null }) as const),
        ...sessions.map((session) => ({ kind: "session.create", session, files: [] }) as const),
      );
      for (const state of [undefined, "ACTIVE"] as const) {
        const pages = await Array.fromAsync(catalog.listAllSessions(state));
        assert.ok(pages.length > 1);
        assert.ok(pages.every(({ length }) => length > 0 && length <= PAGE_LENGTH_MAX));
        assert.deepEqual(pages.flat(), sessions);
      }
      const reading = catalog.listAllSessions()[Symbol.asyncIterator]();
      const seen = [...((await reading.next()).value as readonly UpdateSession[])];
      const last = sessions.at(-1)!;
      const { rev } = await readSession(catalog, last.id);
      const ended = endedSession(last, "CANCELED");
      await commit(catalog, { kind: "session.put", session: ended, rev });
      for (;;) {
        const next = await reading.next();
        if (next.done === true) break;
        seen.push(...next.value);
      }
      assert.deepEqual(seen, [...sessions.slice(0, -1), ended]);
    }));
};

/** Which sessions a list shows: the owner's own, those of an item, those that are ACTIVE in a library, those of everybody. */
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

    test("finds the ACTIVE sessions of one owner", () =>
      withCatalog(subject, async (catalog) => {
        const ownerId = anAccountId();
        const first = await storeSession(catalog, await storeItem(catalog), [], { ownerId });
        const ended = await storeSession(catalog, await storeItem(catalog), [], { ownerId });
        await storeSession(catalog, await storeItem(catalog));
        const second = await storeSession(catalog, await storeItem(catalog), [], { ownerId });
        const { rev } = await readSession(catalog, ended.id);
        await commit(catalog, { kind: "session.put", session: endedSession(ended, "DONE"), rev });
        const rows = await catalog.listActiveSessions({ ownerId });
        assert.deepEqual(rows, [
          await catalog.findSessionHead(first.id),
          await catalog.findSessionHead(second.id),
        ]);
        assert.deepEqual(await catalog.listActiveSessions({ ownerId: anAccountId() }), []);
      }));

    describeAllSessions(subject);
  });
};
