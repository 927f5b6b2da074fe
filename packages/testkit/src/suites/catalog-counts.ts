import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aDownloadSession, endedDownload, endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  readSession,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

const NONE = {
  "update ACTIVE": 0,
  "update DONE": 0,
  "update ERROR": 0,
  "update CANCELED": 0,
  "update EXPIRED": 0,
  "download ACTIVE": 0,
  "download ERROR": 0,
  "download CANCELED": 0,
  "download EXPIRED": 0,
};

const countsOf = async (catalog: Catalog): Promise<readonly [number, number, object]> => {
  const { libraries, items, sessions } = await catalog.housekeeping.counts();
  const pairs = sessions.map(({ kind, state, count }) => [`${kind} ${state}`, count] as const);
  return [libraries, items, Object.fromEntries(pairs)];
};

/** How much there is. */
export const describeCounts = (subject: CatalogSubject): void => {
  describe("counts", () => {
    test("an empty catalog has none of anything, and says so of every kind and state", () =>
      withCatalog(subject, async (catalog) => {
        assert.deepEqual(await countsOf(catalog), [0, 0, NONE]);
        assert.equal((await catalog.housekeeping.counts()).oldestActiveUpdateAt, null);
      }));

    test("libraries, items, and sessions by kind and state, as soon as they are committed", () =>
      withCatalog(subject, async (catalog) => {
        const [kept, done, expired] = [
          await storeSession(catalog, await storeItem(catalog)),
          await storeSession(catalog, await storeItem(catalog)),
          await storeSession(catalog, await storeItem(catalog)),
        ];
        assert.equal(kept.state, "ACTIVE");
        for (const [session, state] of [
          [done, "DONE"],
          [expired, "EXPIRED"],
        ] as const) {
          const { rev } = await readSession(catalog, session.id);
          await commit(catalog, {
            kind: "session.put",
            session: endedSession(session, state),
            rev,
          });
        }
        const downloads = [
          aDownloadSession(),
          aDownloadSession(),
          endedDownload(aDownloadSession(), "CANCELED"),
        ];
        for (const session of downloads)
          await commit(catalog, { kind: "download.put", session, rev: null });
        const [libraries, items, sessions] = await countsOf(catalog);
        assert.deepEqual([libraries, items], [3, 3]);
        assert.deepEqual(sessions, {
          ...NONE,
          "update ACTIVE": 1,
          "update DONE": 1,
          "update EXPIRED": 1,
          "download ACTIVE": 2,
          "download CANCELED": 1,
        });
        const { oldestActiveUpdateAt } = await catalog.housekeeping.counts();
        assert.equal(oldestActiveUpdateAt, kept.createdAt);
        const { rev } = await readSession(catalog, done.id);
        await commit(catalog, { kind: "session.delete", id: done.id, rev });
        const [, , after] = await countsOf(catalog);
        assert.equal((after as typeof NONE)["update DONE"], 0);
      }));
  });
};
