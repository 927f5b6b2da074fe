import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { DEFAULT_CONFIGURATION } from "../../../../domain/configuration.ts";
import { Connection } from "../connection.ts";
import { openSqliteCatalog } from "../sqlite-catalog.ts";
import { FIRST_TABLES } from "./0001-first-tables.ts";
import { REVISIONS_AND_SUBSCRIPTIONS } from "./0002-revisions-and-subscriptions.ts";

/** A configuration as it was stored before there were limits of fetching. */
const OLDER = {
  automaticSyncEnabled: true,
  automaticSyncStartHour: 3,
  automaticSyncStopHour: 7,
  maximumConcurrentItemSyncs: 9,
};

test("a configuration that was stored before has the limits of fetching that went without it", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const connection = Connection.openWriter(file);
    connection.execute(FIRST_TABLES);
    connection.execute(REVISIONS_AND_SUBSCRIPTIONS);
    connection.execute("PRAGMA user_version = 2");
    connection.run(
      "INSERT INTO configuration (only_row, rev, body) VALUES (1, 5, ?)",
      JSON.stringify(OLDER),
    );
    connection.close();
    const catalog = await openSqliteCatalog({ file, now: () => 0, newServerGuid: () => "server" });
    try {
      const row = await catalog.findConfiguration();
      assert.deepEqual(row, { value: { ...DEFAULT_CONFIGURATION, ...OLDER }, rev: 5 });
      assert.deepEqual(await catalog.listSecrets(), []);
    } finally {
      await catalog.close();
    }
  }));
