import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditCriteria, AuditEntry, AuditRow } from "@contentlib/server/domain/audit-entry";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { anAuditEntry, anAuditPut } from "../builders/audit.ts";
import {
  allOf,
  type CatalogSubject,
  commit,
  storeLibrary,
  withCatalog,
} from "./catalog-subject.ts";

/** More than any test puts. */
const ALL = { before: null, limit: 10_000 };

const ANN = { kind: "unknown", userName: "Ann" } as const;

const storeAll = async (catalog: Catalog, ...entries: readonly AuditEntry[]): Promise<void> =>
  await commit(catalog, ...entries.map((entry) => anAuditPut(entry)));

const describePages = (subject: CatalogSubject): void => {
  /** Reads on to the end in pages of that many rows, and does something after each. */
  const paged = async (
    catalog: Catalog,
    criteria: AuditCriteria,
    { limit, between }: { readonly limit: number; between(): Promise<void> },
  ): Promise<readonly (readonly AuditRow[])[]> => {
    const pages: (readonly AuditRow[])[] = [];
    for (let before: number | null = null; ;) {
      const { rows, next } = await catalog.listAudit(criteria, { before, limit });
      pages.push(rows);
      if (next === null) return pages;
      before = next;
      await between();
    }
  };

  test("pages together are the trail as it was at the first, although rows are added meanwhile", () =>
    withCatalog(subject, async (catalog) => {
      const entries = Array.from({ length: 7 }, () => anAuditEntry());
      await storeAll(catalog, ...entries);
      const expected = (await catalog.listAudit({}, ALL)).rows;
      const between = async (): Promise<void> => await storeAll(catalog, anAuditEntry());
      const pages = await paged(catalog, {}, { limit: 3, between });
      assert.deepEqual(
        pages.map(({ length }) => length),
        [3, 3, 1],
      );
      assert.deepEqual(pages.flat(), expected);
    }));

  test("a page that has all there is has no next one, full or not, by criteria or without", () =>
    withCatalog(subject, async (catalog) => {
      for (const each of [{ actor: ANN }, {}, { actor: ANN }, { actor: ANN }, {}]) {
        await storeAll(catalog, anAuditEntry(each));
      }
      const between = async (): Promise<void> => undefined;
      const lengths = async (criteria: AuditCriteria, limit: number): Promise<readonly number[]> =>
        (await paged(catalog, criteria, { limit, between })).map(({ length }) => length);
      assert.deepEqual(await lengths({}, 5), [5]);
      assert.deepEqual(await lengths({}, 4), [4, 1]);
      assert.deepEqual(await lengths({ userName: "ann" }, 3), [3]);
      assert.deepEqual(await lengths({ userName: "ann" }, 1), [1, 1, 1]);
      assert.deepEqual(await lengths({ userName: "bob" }, 1), [0]);
    }));

  test("only rows below `before` are listed, be there such an id or not", () =>
    withCatalog(subject, async (catalog) => {
      await storeAll(catalog, anAuditEntry(), anAuditEntry(), anAuditEntry());
      const { rows } = await catalog.listAudit({}, ALL);
      const below = async (before: number): Promise<readonly AuditRow[]> =>
        (await catalog.listAudit({}, { before, limit: 10 })).rows;
      assert.deepEqual(await below(rows[0]!.id), rows.slice(1));
      assert.deepEqual(await below(rows[2]!.id), []);
      assert.deepEqual(await below(Number.MAX_SAFE_INTEGER), rows);
      for (const none of [0, -1]) assert.deepEqual(await below(none), []);
    }));

  test("while the trail is looked through others are answered", () =>
    withCatalog(subject, async (catalog) => {
      await storeAll(catalog, anAuditEntry());
      const library = await storeLibrary(catalog);
      const ended: string[] = [];
      const looking = catalog.listAudit({ userName: "nobody" }, ALL);
      const told = looking.then(() => ended.push("trail"));
      assert.ok(await catalog.findLibrary(library.id));
      ended.push("row");
      assert.deepEqual(await allOf(catalog.findItemIds({ libraryType: "LOCAL" })), []);
      ended.push("list");
      await told;
      assert.deepEqual(ended, ["row", "list", "trail"]);
    }));
};

/** The audit trail in pages. */
export const describeAuditPages = (subject: CatalogSubject): void => {
  describe("pages of the audit trail", () => {
    describePages(subject);
  });
};
