import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { REVISIONS_KEPT_MAX } from "@contentlib/server/domain/revision";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { anAuditEntry, anAuditPut } from "../builders/audit.ts";
import { BUILT_AT } from "../builders/ids.ts";
import { storeEntry, trailOf } from "./catalog-audit.ts";
import { withDurable } from "./catalog-durability.ts";
import {
  type CatalogSubject,
  commit,
  type DurableCatalogSubject,
  withCatalog,
} from "./catalog-subject.ts";

/** More rows than some purging transactions take. */
const OLD_ROWS = 1_600;

const idsOf = async (catalog: Catalog): Promise<readonly number[]> =>
  (await trailOf(catalog)).map(({ id }) => id);

/** Purges the trail alone. */
const purge = async (catalog: Catalog, auditBefore: number): Promise<number> =>
  await catalog.housekeeping.purge({
    endedBefore: 0,
    loginsIdleSince: 0,
    loginsCreatedBefore: 0,
    tokensBefore: 0,
    revisionsKept: REVISIONS_KEPT_MAX,
    auditBefore,
  });

const describePurging = (subject: CatalogSubject): void => {
  test("rows go whose last one is before the limit, and are counted among those that went", () =>
    withCatalog(subject, async (catalog) => {
      await storeEntry(catalog, { at: BUILT_AT });
      const kept = await storeEntry(catalog, { at: BUILT_AT + 10 });
      const folded = anAuditEntry({ at: BUILT_AT });
      await commit(catalog, anAuditPut(folded, { lastAt: BUILT_AT + 11 }));
      assert.equal(await purge(catalog, BUILT_AT), 0);
      assert.equal(await purge(catalog, BUILT_AT + 10), 1);
      assert.deepEqual(
        (await trailOf(catalog)).map(({ requestId }) => requestId),
        [folded.requestId, kept.requestId],
      );
    }));

  test("however many rows go, writers get their turn in between", () =>
    withCatalog(subject, async (catalog) => {
      const puts = Array.from({ length: OLD_ROWS }, () => anAuditPut(anAuditEntry()));
      await commit(catalog, ...puts);
      const ended: string[] = [];
      const purging = purge(catalog, BUILT_AT + 1).then((gone) => {
        ended.push("purged");
        return gone;
      });
      const late = await storeEntry(catalog, { at: BUILT_AT + 1 });
      ended.push("stored");
      assert.equal(await purging, OLD_ROWS);
      assert.deepEqual(ended, ["stored", "purged"]);
      assert.deepEqual(
        (await trailOf(catalog)).map(({ requestId }) => requestId),
        [late.requestId],
      );
    }));

  test("the id of a row that went is never given again", () =>
    withCatalog(subject, async (catalog) => {
      await storeEntry(catalog);
      await storeEntry(catalog);
      const [newest = 0] = await idsOf(catalog);
      assert.equal(await purge(catalog, BUILT_AT + 1), 2);
      await storeEntry(catalog);
      const [next = 0] = await idsOf(catalog);
      assert.ok(next > newest);
    }));

  test("nothing is counted in a row that went", () =>
    withCatalog(subject, async (catalog) => {
      const put = anAuditPut(anAuditEntry(), { fold: { key: "a", since: BUILT_AT } });
      await commit(catalog, put);
      await purge(catalog, BUILT_AT + 1);
      await commit(catalog, put);
      assert.deepEqual(
        (await trailOf(catalog)).map(({ count }) => count),
        [1],
      );
    }));
};

/** How old rows of the audit trail go. */
export const describeAuditPurging = (subject: CatalogSubject): void => {
  describe("purging the audit trail", () => {
    describePurging(subject);
  });
};

/** The audit trail over restarts. */
export const describeKeptAudit = (subject: DurableCatalogSubject): void => {
  test("the audit trail is as it was after a power cut and after a restart, and is folded on", () =>
    withDurable(subject, async (catalog, opened) => {
      const fold = { key: "a", since: BUILT_AT };
      await storeEntry(catalog);
      await commit(catalog, anAuditPut(anAuditEntry(), { fold }));
      const rows = await trailOf(catalog);
      const left = await opened.openAfterPowerCut();
      try {
        assert.deepEqual(await trailOf(left.catalog), rows);
      } finally {
        await left.close();
      }
      const { catalog: later } = await opened.reopen();
      assert.deepEqual(await trailOf(later), rows);
      await commit(later, anAuditPut(anAuditEntry({ at: BUILT_AT + 1 }), { fold }));
      const [first] = await trailOf(later);
      assert.deepEqual(first, { ...rows[0], count: 2, lastAt: BUILT_AT + 1 });
    }));

  test("ids of rows of the audit trail that went are not given again after a restart either", () =>
    withDurable(subject, async (catalog, opened) => {
      await storeEntry(catalog);
      await storeEntry(catalog);
      const [newest = 0] = await idsOf(catalog);
      await purge(catalog, BUILT_AT + 1);
      const { catalog: later } = await opened.reopen();
      assert.deepEqual(await trailOf(later), []);
      await storeEntry(later);
      const [next = 0] = await idsOf(later);
      assert.ok(next > newest);
    }));
};
