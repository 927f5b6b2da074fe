import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { REFERENCES_SQL } from "./blob-references.ts";
import { ACCESS_SQL } from "./change-access.ts";
import { AUDIT_SQL } from "./change-audit.ts";
import { CERTIFICATE_SQL } from "./change-certificate.ts";
import { CONFIGURATION_SQL } from "./change-configuration.ts";
import { DOWNLOAD_SQL } from "./change-download.ts";
import { HOUSEKEEPING_SQL } from "./change-housekeeping.ts";
import { GRANT_SQL } from "./change-grant.ts";
import { GROUP_SQL } from "./change-group.ts";
import { ITEM_SQL } from "./change-item.ts";
import { LIBRARY_SQL } from "./change-library.ts";
import { PARTIAL_SQL } from "./change-partial.ts";
import { REVISION_SQL, REVISIONS_OF_LIBRARIES_SQL } from "./change-revision.ts";
import { SECRET_SQL } from "./change-secret.ts";
import { SESSION_FILE_SQL } from "./change-session-file.ts";
import { SUBSCRIPTION_SQL } from "./change-subscription.ts";
import { TOKEN_SQL } from "./change-token.ts";
import { UPDATE_SESSION_SQL } from "./change-update-session.ts";
import type { Connection } from "./connection.ts";
import { openTables } from "./open-tables.ts";
import { KEPT_PARTIALS_SQL } from "./kept-partials.ts";
import { PINS_SQL } from "./pins.ts";
import { COUNT_SQL, OLDEST_ACTIVE_SQL, STAGED_BYTES_SQL } from "./row-counts.ts";
import { listGrantsSql, READ_ACCESS_SQL, WHOLE_ACCESS_SQL } from "./read-access-sql.ts";
import { findAuditSql, READ_AUDIT_SQL } from "./read-audit-sql.ts";
import { findItemsSql, findLibrariesSql, READ_SQL, WHOLE_TABLE_SQL } from "./read-sql.ts";

const GIVEN = [false, true];

/** Every search but those that name no criterion an index serves. */
const searches: Readonly<Record<string, string>> = Object.fromEntries([
  ...GIVEN.flatMap((name) =>
    GIVEN.flatMap((library) =>
      GIVEN.flatMap((libraries) =>
        GIVEN.filter((type) => name || library || type || libraries).flatMap((type) =>
          GIVEN.map((libraryType) => [
            `items ${JSON.stringify({ name, library, type, libraries, libraryType })}`,
            findItemsSql({ name, library, type, libraries, libraryType }).sql,
          ]),
        ),
      ),
    ),
  ),
  ...GIVEN.map((type) => [
    `libraries by name ${JSON.stringify({ type })}`,
    findLibrariesSql({ name: true, type }),
  ]),
  ...([undefined, "account", "group", "token"] as const).flatMap((subject) =>
    GIVEN.filter((library) => library || subject !== undefined).map((library) => [
      `grants ${JSON.stringify({ subject, library })}`,
      listGrantsSql({ subject, library }),
    ]),
  ),
]);

const NOTHING_GIVEN = {
  name: false,
  library: false,
  type: false,
  libraries: false,
  libraryType: false,
};

const { takeAbandoned, ...pins } = PINS_SQL;

/** All statements but those that go through a table on purpose. */
const STATEMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  reading: READ_SQL,
  "reading access": READ_ACCESS_SQL,
  searches,
  libraries: LIBRARY_SQL,
  items: ITEM_SQL,
  revisions: REVISION_SQL,
  subscriptions: SUBSCRIPTION_SQL,
  certificates: CERTIFICATE_SQL,
  secrets: SECRET_SQL,
  configuration: CONFIGURATION_SQL,
  "update sessions": UPDATE_SESSION_SQL,
  "session files": SESSION_FILE_SQL,
  "download sessions": DOWNLOAD_SQL,
  access: ACCESS_SQL,
  tokens: TOKEN_SQL,
  groups: GROUP_SQL,
  grants: GRANT_SQL,
  references: REFERENCES_SQL,
  "kept partials": KEPT_PARTIALS_SQL,
  partials: PARTIAL_SQL,
  "audit trail": AUDIT_SQL,
  "reading the audit trail": READ_AUDIT_SQL,
  housekeeping: HOUSEKEEPING_SQL,
  pins,
};

/** A table may be scanned when it is a partial index of few rows, or when the statement says that it wants all. */
const SCANS_ON_PURPOSE: Readonly<Record<string, RegExp>> = {
  libraries: /^SCAN libraries$/,
  librariesOfType: /^SCAN libraries$/,
  allItems: /^SCAN items$/,
  activeSessionsOfLibrary: /^SCAN s USING INDEX update_sessions_active$/,
  activeDownloadsOfLibrary: /^SCAN s USING INDEX download_sessions_active$/,
  activeSessions: /^SCAN update_sessions USING INDEX update_sessions_active$/,
  activeDownloads: /^SCAN download_sessions USING INDEX download_sessions_active$/,
  liveStagedIds:
    /^SCAN (s USING INDEX update_sessions_active|kept_partials USING COVERING INDEX \w+)$/,
  certificates: /^SCAN trusted_certificates$/,
  secrets: /^SCAN secrets$/,
  keepingTooMany: /^SCAN l USING COVERING INDEX libraries_by_revisions$/,
  accounts: /^SCAN accounts USING INDEX sqlite_autoindex_accounts_2$/,
  tokens: /^SCAN tokens$/,
  groups: /^SCAN g USING INDEX sqlite_autoindex_account_groups_2$/,
  grants: /^SCAN grants$/,
  doomed: /^SCAN idle_blobs USING (COVERING )?INDEX idle_blobs_doomed$/,
};

describe("query plans", () => {
  let connection: Connection;
  before(() => {
    connection = openTables(":memory:", "a server");
  });
  after(() => connection.close());

  const planOf = (sql: string): readonly string[] =>
    connection
      .all<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .map(({ detail }) => detail);

  /** `SCAN CONSTANT ROW`, going through the values of a text of JSON, and through what a query inside gave read no table. */
  const scansOf = (sql: string): readonly string[] =>
    planOf(sql).filter(
      (detail) =>
        detail.startsWith("SCAN ") &&
        !/ CONSTANT ROW$| VIRTUAL TABLE |^SCAN \(subquery-/.test(detail),
    );

  for (const [group, statements] of Object.entries(STATEMENTS)) {
    for (const [name, sql] of Object.entries(statements)) {
      test(`${group}: ${name} goes by an index`, () => assert.deepEqual(scansOf(sql), []));
    }
  }

  for (const [name, sql] of Object.entries({
    ...WHOLE_TABLE_SQL,
    ...WHOLE_ACCESS_SQL,
    ...REVISIONS_OF_LIBRARIES_SQL,
  })) {
    test(`whole tables: ${name} scans only what it must`, () => {
      const expected = SCANS_ON_PURPOSE[name];
      for (const scan of scansOf(sql)) assert.match(scan, expected ?? /^$/);
    });
  }

  test("a list that an index gives in order is not sorted again", () => {
    const ordered: readonly string[] = [
      READ_SQL.revisionHeads,
      READ_SQL.subscriptionsOfLibrary,
      READ_SQL.itemsOfLibrary,
      READ_SQL.sessionsOfOwner,
      READ_SQL.sessionsOfOwnerAndItem,
      READ_SQL.activeSessionsOfOwner,
      READ_SQL.activeDownloadsOfOwner,
      READ_SQL.sessionsFrom,
      READ_SQL.sessionsOfStateFrom,
      WHOLE_ACCESS_SQL.accounts,
      listGrantsSql({ subject: undefined, library: true }),
    ];
    for (const sql of [...ordered, findItemsSql({ ...NOTHING_GIVEN, name: true }).sql]) {
      assert.ok(!planOf(sql).some((detail) => detail.includes("TEMP B-TREE")), sql);
    }
  });

  test("items of one type of library are looked for in all items, in their order", () => {
    const { sql } = findItemsSql({ ...NOTHING_GIVEN, libraryType: true });
    assert.deepEqual(scansOf(sql), ["SCAN items"]);
    assert.ok(!planOf(sql).some((detail) => detail.includes("TEMP B-TREE")));
  });

  test("a search is narrow when an index leads to hardly more than what it finds", () => {
    const isNarrow = (given: Partial<typeof NOTHING_GIVEN>): boolean =>
      findItemsSql({ ...NOTHING_GIVEN, ...given }).isNarrow;
    assert.ok(isNarrow({}));
    assert.ok(isNarrow({ library: true }));
    assert.ok(isNarrow({ type: true }));
    assert.ok(isNarrow({ name: true, library: true, type: true, libraryType: true }));
    assert.ok(isNarrow({ name: true, libraries: true }));
    assert.ok(!isNarrow({ libraries: true }));
    assert.ok(!isNarrow({ library: true, libraries: true }));
    assert.ok(!isNarrow({ libraryType: true }));
    assert.ok(!isNarrow({ library: true, type: true }));
    assert.ok(!isNarrow({ type: true, libraryType: true }));
  });

  test("items of some libraries are looked for in these, whatever else is asked, unless by name", () => {
    const leads = (given: Partial<typeof NOTHING_GIVEN>): string | undefined => {
      const { sql } = findItemsSql({ ...NOTHING_GIVEN, libraries: true, ...given });
      return planOf(sql).find((detail) => detail.startsWith("SEARCH items"));
    };
    assert.match(leads({}) ?? "", /COVERING INDEX items_by_library \(library_id=\?\)/);
    for (const given of [{ type: true }, { libraryType: true }, { type: true, libraryType: true }])
      assert.match(leads(given) ?? "", /INDEX \w+ \(library_id=\?\)/);
    assert.match(leads({ name: true, type: true }) ?? "", /INDEX items_by_name \(name_key=\?\)/);
  });

  test("bytes that some libraries hold are looked for in these alone: the others do not even show in the time", () => {
    const plan = planOf(READ_SQL.blobHolderInLibraries);
    const lead = plan.find((detail) => / r /.test(detail)) ?? "";
    assert.match(lead, /INDEX blob_refs_in_library \(digest=\? AND library_id=\?\)/);
  });

  test("items that keep too many content versions are found library by library, each by its own number", () => {
    const [lead = ""] = planOf(REVISIONS_OF_LIBRARIES_SQL.keepingTooMany).filter((detail) =>
      / r /.test(detail),
    );
    assert.match(lead, /INDEX revision_ranges_in_library \(library_id=\? AND <expr>>\?\)/);
  });

  test("whether there is an administrator is asked of the grants on everything alone", () => {
    const plan = planOf(GRANT_SQL.hasAdministrator);
    const leads = plan.filter((detail) => detail.includes(" g "));
    assert.equal(leads.length, 2);
    for (const lead of leads) assert.match(lead, /INDEX grants_on_everything \(role=\?/);
  });

  test("what there is is counted in indexes, without reading rows and without sorting", () => {
    for (const sql of Object.values(COUNT_SQL))
      assert.match(planOf(sql).join(), /^SCAN \w+ USING COVERING INDEX \w+$/, sql);
  });

  test("the oldest session that is ACTIVE is the first in an index, and the only row that is read", () => {
    assert.equal(
      planOf(OLDEST_ACTIVE_SQL).join(),
      "SEARCH update_sessions USING INDEX update_sessions_by_state (state=?)",
    );
  });

  test("what is staged is found by the few sessions that are ACTIVE, and told from what is not in an index", () => {
    const [active, kept] = [/^SCAN s USING INDEX update_sessions_active$/, /^SCAN kept_partials/];
    const plan = planOf(STAGED_BYTES_SQL).filter((detail) => !/SUBQUERY|CONSTANT ROW/.test(detail));
    assert.equal(plan.filter((detail) => active.test(detail)).length, 2);
    for (const detail of plan.filter((each) => !active.test(each) && !kept.test(each)))
      assert.match(detail, /^SEARCH [pro] USING (PRIMARY KEY|COVERING INDEX blob_refs_by_digest) /);
  });

  test("the audit trail is gone through by its ids alone, whatever is asked of it", () => {
    const criteria = {
      event: "CHANGE",
      operation: "",
      userName: "",
      tokenId: "",
      address: "",
      requestId: "",
      objectId: "",
      since: 0,
      until: 0,
    } as const;
    const alone = Object.entries(criteria).map(([name, value]) => ({ [name]: value }));
    for (const given of [{}, criteria, ...alone]) {
      const plan = planOf(findAuditSql(given).sql).filter((detail) => !/SUBQUERY| o /.test(detail));
      assert.deepEqual(plan, ["SEARCH audit_rows USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]);
    }
  });

  test("old rows of the audit trail, recent ones, and those to be counted in are found by their indexes", () => {
    const leads: readonly (readonly [sql: string, plan: RegExp])[] = [
      [HOUSEKEEPING_SQL.purgeAudit, /COVERING INDEX audit_rows_by_last_at \(last_at<\?\)/],
      [READ_AUDIT_SQL.lowestSince, /COVERING INDEX audit_rows_by_last_at \(last_at>\?\)/],
      [AUDIT_SQL.countInRow, /INDEX audit_rows_to_fold \(fold_key=\? AND first_at>\?\)/],
    ];
    for (const [sql, plan] of leads) {
      assert.match(planOf(sql).join(), plan);
      assert.ok(!planOf(sql).some((detail) => detail.includes("TEMP B-TREE")), sql);
    }
  });

  test("pins that were left behind are few, and are looked for in all of them", () => {
    assert.deepEqual(scansOf(takeAbandoned), ["SCAN pins USING COVERING INDEX pins_by_digest"]);
  });
});
