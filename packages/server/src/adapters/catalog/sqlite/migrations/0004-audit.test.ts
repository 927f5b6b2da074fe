import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { anAccessToken, anAccount, aGrant, aLogin } from "@contentlib/testkit/builders/accounts";
import { anAuditEntry, anAuditPut } from "@contentlib/testkit/builders/audit";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { commit } from "@contentlib/testkit/suites/catalog-subject";
import type { Item } from "../../../../domain/item.ts";
import type { Change } from "../../../../ports/change.ts";
import { applyChanges } from "../apply-changes.ts";
import { Connection } from "../connection.ts";
import { tablesVersionOf, TABLES_VERSION } from "../migrations.ts";
import { openSqliteCatalog } from "../sqlite-catalog.ts";
import { FIRST_TABLES } from "./0001-first-tables.ts";
import { REVISIONS_AND_SUBSCRIPTIONS } from "./0002-revisions-and-subscriptions.ts";
import { RIGHTS } from "./0003-rights.ts";

/** A file as version 3 left it, with what these changes keep there. */
const thirdVersionFile = (file: string, changes: readonly Change[]): Connection => {
  const connection = Connection.openWriter(file);
  for (const script of [FIRST_TABLES, REVISIONS_AND_SUBSCRIPTIONS, RIGHTS])
    connection.execute(script);
  connection.execute("PRAGMA user_version = 3");
  const transaction = { connection, at: 0, endedSessions: new Set<never>() };
  assert.equal(applyChanges(transaction, changes), null);
  return connection;
};

/** Puts the files of an item where that version kept them: today's statements know of columns that came later. */
const putFiles = (connection: Connection, item: Item): void => {
  connection.run("UPDATE items SET body = ? WHERE id = ?", JSON.stringify(item), item.id);
  for (const { name, digest, sizeBytes } of item.files)
    connection.run(
      "INSERT INTO blob_refs (holder_kind, holder_id, name, digest, size_bytes) VALUES ('item', ?, ?, ?, ?)",
      item.id,
      name,
      digest,
      sizeBytes,
    );
};

test("a file of version 3 keeps what it has, and begins its audit trail", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const account = anAccount();
    const token = anAccessToken({ accountId: account.id });
    const login = aLogin({ accountId: account.id, tokenId: token.id });
    const library = aLibrary();
    const item = anItem({ libraryId: library.id, files: [anItemFile()] });
    const grant = aGrant({ subject: { kind: "token", id: token.id }, libraryId: library.id });
    const connection = thirdVersionFile(file, [
      { kind: "library.put", library, rev: null },
      { kind: "item.put", item: { ...item, files: [] }, rev: null },
      { kind: "account.put", account, rev: null },
      { kind: "token.put", token },
      { kind: "login.put", login },
      { kind: "grant.put", grant },
    ]);
    putFiles(connection, item);
    connection.close();
    const catalog = await openSqliteCatalog({ file, now: () => 0, newServerGuid: () => "server" });
    try {
      assert.deepEqual((await catalog.findItem(item.id))?.value, item);
      assert.deepEqual(await catalog.findAccount(account.id), { value: account, rev: 1 });
      assert.deepEqual(await catalog.findTokenById(token.id), token);
      assert.deepEqual(await catalog.findLogin(login.idHash), login);
      assert.deepEqual(await catalog.listGrants(), [grant]);
      const page = { before: null, limit: 10 };
      assert.deepEqual(await catalog.listAudit({}, page), { rows: [], next: null });
      const entry = anAuditEntry();
      const renamed = { ...item, name: "renamed" };
      await commit(catalog, { kind: "item.put", item: renamed, rev: 1 }, anAuditPut(entry));
      const { rows } = await catalog.listAudit({}, page);
      assert.deepEqual(rows, [{ ...entry, id: 1, count: 1, lastAt: entry.at }]);
    } finally {
      await catalog.close();
    }
    const opened = Connection.openReader(file);
    assert.equal(tablesVersionOf(opened), TABLES_VERSION);
    opened.close();
  }));
