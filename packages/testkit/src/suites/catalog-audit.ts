import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditEntry, AuditRow } from "@contentlib/server/domain/audit-entry";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { anAuditEntry, anAuditPut } from "../builders/audit.ts";
import { aGrantId, anAccountId, BUILT_AT } from "../builders/ids.ts";
import { aLibrary } from "../builders/libraries.ts";
import { type CatalogSubject, commit, commitClashing, withCatalog } from "./catalog-subject.ts";

/** More than any test puts. */
const ALL = { before: null, limit: 10_000 };
const WINDOW_MS = 60_000;

/** All rows, the newest first. */
export const trailOf = async (catalog: Catalog): Promise<readonly AuditRow[]> =>
  (await catalog.listAudit({}, ALL)).rows;

/** Puts an entry that stands alone. */
export const storeEntry = async (
  catalog: Catalog,
  over: Partial<AuditEntry> = {},
): Promise<AuditEntry> => {
  const entry = anAuditEntry(over);
  await commit(catalog, anAuditPut(entry));
  return entry;
};

const describePutting = (subject: CatalogSubject): void => {
  test("an entry of each kind comes back as it was put, with what it stands for", () =>
    withCatalog(subject, async (catalog) => {
      const { address: _none, requestId: _neither, ...bare } = anAuditEntry();
      const joined = { kind: "user", id: anAccountId(), name: "ben", relation: "joined" } as const;
      const entries: readonly AuditEntry[] = [
        anAuditEntry(),
        anAuditEntry({ changed: ["members", "name"], objects: [joined] }),
        anAuditEntry({ objects: [], reason: 'no "right" to\n\u{1f512} it' }),
        anAuditEntry({ actor: { kind: "user", accountId: anAccountId(), userName: "Ann" } }),
        anAuditEntry({ event: "LOGIN_REFUSED", actor: { kind: "unknown", userName: "" } }),
        { ...bare, operation: "server.expire", actor: { kind: "server" } },
      ];
      for (const entry of entries) {
        await commit(catalog, anAuditPut(entry, { count: 3, lastAt: entry.at + 9 }));
      }
      const rows = (await trailOf(catalog)).toReversed();
      assert.deepEqual(
        rows.map(({ id: _id, ...row }) => row),
        entries.map((entry) => ({ ...entry, count: 3, lastAt: entry.at + 9 })),
      );
    }));

  test("rows are of the order in which they were put, whatever their instants, the newest first", () =>
    withCatalog(subject, async (catalog) => {
      assert.deepEqual(await catalog.listAudit({}, ALL), { rows: [], next: null });
      const first = await storeEntry(catalog, { at: BUILT_AT + 5 });
      const second = anAuditEntry({ at: BUILT_AT });
      const third = anAuditEntry({ at: BUILT_AT + 9 });
      await commit(catalog, anAuditPut(second), anAuditPut(third));
      const rows = await trailOf(catalog);
      assert.deepEqual(
        rows.map(({ requestId }) => requestId),
        [third, second, first].map(({ requestId }) => requestId),
      );
      const ids = rows.map(({ id }) => id);
      assert.deepEqual(
        ids,
        ids.toSorted((one, other) => other - one),
      );
      assert.equal(new Set(ids).size, ids.length);
    }));

  test("a row stands or falls with its set, before and behind the change that clashes", () =>
    withCatalog(subject, async (catalog) => {
      const library = aLibrary();
      const put = { kind: "library.put", library, rev: null } as const;
      await commit(catalog, anAuditPut(anAuditEntry()), put);
      const kept = await trailOf(catalog);
      assert.equal(kept.length, 1);
      const entry = anAuditPut(anAuditEntry());
      await commitClashing(catalog, "row", entry, put);
      await commitClashing(catalog, "row", put, entry);
      assert.deepEqual(await trailOf(catalog), kept);
    }));

  test("what was counted in a row is undone with its set as well", () =>
    withCatalog(subject, async (catalog) => {
      const fold = { key: "a", since: BUILT_AT };
      await commit(catalog, anAuditPut(anAuditEntry(), { fold }));
      const before = await trailOf(catalog);
      const again = anAuditPut(anAuditEntry({ at: BUILT_AT + 1 }), { fold });
      await commitClashing(catalog, "row", again, { kind: "grant.delete", id: aGrantId() });
      assert.deepEqual(await trailOf(catalog), before);
    }));
};

const describeFolding = (subject: CatalogSubject): void => {
  /** Puts an entry of that instant to be folded by that key over `WINDOW_MS`. */
  const fold = async (
    catalog: Catalog,
    key: string,
    at: number,
    over: { readonly count?: number; readonly lastAt?: number } = {},
  ): Promise<AuditEntry> => {
    const entry = anAuditEntry({ at });
    const put = anAuditPut(entry, { fold: { key, since: at - WINDOW_MS }, ...over });
    await commit(catalog, put);
    return entry;
  };

  const counted = async (
    catalog: Catalog,
  ): Promise<readonly (readonly [string | undefined, number, number, number])[]> =>
    (await trailOf(catalog)).map(({ requestId, count, at, lastAt }) => [
      requestId,
      count,
      at - BUILT_AT,
      lastAt - BUILT_AT,
    ]);

  test("entries of one key are counted in the first of them as long as the window goes", () =>
    withCatalog(subject, async (catalog) => {
      const first = await fold(catalog, "a", BUILT_AT);
      await fold(catalog, "a", BUILT_AT + 10, { count: 4, lastAt: BUILT_AT + 20 });
      await fold(catalog, "a", BUILT_AT + WINDOW_MS);
      assert.deepEqual(await counted(catalog), [[first.requestId, 6, 0, WINDOW_MS]]);
      const [row] = await trailOf(catalog);
      assert.deepEqual(row, {
        ...first,
        id: row?.id,
        count: 6,
        lastAt: BUILT_AT + WINDOW_MS,
      });
      const next = await fold(catalog, "a", BUILT_AT + WINDOW_MS + 1, { count: 2 });
      await fold(catalog, "a", BUILT_AT + WINDOW_MS + 5);
      assert.deepEqual(await counted(catalog), [
        [next.requestId, 3, WINDOW_MS + 1, WINDOW_MS + 5],
        [first.requestId, 6, 0, WINDOW_MS],
      ]);
    }));

  test("of several rows of a key in the window the newest counts", () =>
    withCatalog(subject, async (catalog) => {
      const older = await fold(catalog, "a", BUILT_AT);
      const newer = await fold(catalog, "a", BUILT_AT + WINDOW_MS + 1);
      const late = anAuditPut(anAuditEntry({ at: BUILT_AT + WINDOW_MS + 2 }), {
        fold: { key: "a", since: BUILT_AT },
      });
      await commit(catalog, late);
      assert.deepEqual(
        (await counted(catalog)).map(([requestId, count]) => [requestId, count]),
        [
          [newer.requestId, 2],
          [older.requestId, 1],
        ],
      );
    }));

  test("other keys, and entries without one, have rows of their own", () =>
    withCatalog(subject, async (catalog) => {
      await storeEntry(catalog);
      await storeEntry(catalog);
      for (const key of ["", "a", "A", "a ", "%", "'"]) await fold(catalog, key, BUILT_AT);
      await fold(catalog, "a", BUILT_AT);
      const counts = (await trailOf(catalog)).map(({ count }) => count);
      assert.deepEqual(counts, [1, 1, 1, 1, 2, 1, 1, 1]);
    }));

  test("the last instant never moves back", () =>
    withCatalog(subject, async (catalog) => {
      const first = await fold(catalog, "a", BUILT_AT, { lastAt: BUILT_AT + 50 });
      await fold(catalog, "a", BUILT_AT + 10);
      assert.deepEqual(await counted(catalog), [[first.requestId, 2, 0, 50]]);
    }));

  test("entries of one set are folded, too", () =>
    withCatalog(subject, async (catalog) => {
      const once = { fold: { key: "a", since: BUILT_AT } };
      await commit(catalog, anAuditPut(anAuditEntry(), once), anAuditPut(anAuditEntry(), once));
      assert.deepEqual(
        (await trailOf(catalog)).map(({ count }) => count),
        [2],
      );
    }));
};

/** The audit trail: what is put is kept with its set, and folded. */
export const describeAudit = (subject: CatalogSubject): void => {
  describe("the audit trail", () => {
    describePutting(subject);
    describeFolding(subject);
  });
};
