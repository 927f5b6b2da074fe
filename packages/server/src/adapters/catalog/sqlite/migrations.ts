import { PortError } from "../../../ports/port-error.ts";
import type { Connection } from "./connection.ts";
import { FIRST_TABLES } from "./migrations/0001-first-tables.ts";
import { REVISIONS_AND_SUBSCRIPTIONS } from "./migrations/0002-revisions-and-subscriptions.ts";
import { RIGHTS } from "./migrations/0003-rights.ts";
import { AUDIT } from "./migrations/0004-audit.ts";
import { SESSION_STATES } from "./migrations/0005-session-states.ts";
import { PARTIALS } from "./migrations/0006-partials.ts";
import { DRAFTS_AND_HOLDERS } from "./migrations/0007-drafts-and-holders.ts";
import { KEPT_PARTIALS } from "./migrations/0008-kept-partials.ts";
import { REVISIONS_OF_LIBRARIES } from "./migrations/0009-revisions-of-libraries.ts";
import { VERIFIED_CONTENT } from "./migrations/0010-verified-content.ts";
import { VALIDATORS } from "./migrations/0011-validators.ts";
import { SECRETS_AND_PULL_LIMITS } from "./migrations/0012-secrets-and-pull-limits.ts";

/** Each brings the tables from the version before to its own number. What was released is never edited. */
const MIGRATIONS: readonly { readonly version: number; readonly sql: string }[] = [
  { version: 1, sql: FIRST_TABLES },
  { version: 2, sql: REVISIONS_AND_SUBSCRIPTIONS },
  { version: 3, sql: RIGHTS },
  { version: 4, sql: AUDIT },
  { version: 5, sql: SESSION_STATES },
  { version: 6, sql: PARTIALS },
  { version: 7, sql: DRAFTS_AND_HOLDERS },
  { version: 8, sql: KEPT_PARTIALS },
  { version: 9, sql: REVISIONS_OF_LIBRARIES },
  { version: 10, sql: VERIFIED_CONTENT },
  { version: 11, sql: VALIDATORS },
  { version: 12, sql: SECRETS_AND_PULL_LIMITS },
];

/** The version of the tables that this program reads and writes. */
export const TABLES_VERSION = MIGRATIONS.at(-1)?.version ?? 0;

/** The catalog's file was made by a newer version of the program; it was left as it is. */
export class NewerCatalogError extends PortError {
  readonly foundVersion: number;
  readonly knownVersion: number;

  constructor(foundVersion: number, knownVersion: number) {
    super(
      "denied",
      `The catalog was made by a newer version of contentlib (tables ${String(foundVersion)}, this one knows ${String(knownVersion)}).`,
    );
    this.foundVersion = foundVersion;
    this.knownVersion = knownVersion;
  }
}

/** The version of the tables in the database; 0 when there are none yet. */
export const tablesVersionOf = (connection: Connection): number =>
  connection.get<{ readonly user_version: number }>("PRAGMA user_version")?.user_version ?? 0;

/** Brings the tables to `TABLES_VERSION`, one transaction a step. Throws `NewerCatalogError` when they are beyond it. */
export const migrate = (connection: Connection): void => {
  const found = tablesVersionOf(connection);
  if (found > TABLES_VERSION) throw new NewerCatalogError(found, TABLES_VERSION);
  for (const { version, sql } of MIGRATIONS) {
    if (version <= found) continue;
    connection.execute("BEGIN IMMEDIATE");
    try {
      connection.execute(sql);
      connection.execute(`PRAGMA user_version = ${String(version)}`);
      connection.execute("COMMIT");
    } catch (error) {
      if (connection.inTransaction) connection.execute("ROLLBACK");
      throw error;
    }
  }
};
