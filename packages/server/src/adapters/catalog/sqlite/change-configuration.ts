import type { Configuration } from "../../../domain/configuration.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import type { Transaction } from "./transaction.ts";

export const CONFIGURATION_SQL = {
  insert:
    "INSERT INTO configuration (only_row, rev, body) VALUES (1, 1, ?) ON CONFLICT (only_row) DO NOTHING",
  update: "UPDATE configuration SET rev = rev + 1, body = ? WHERE only_row = 1 AND rev = ?",
} as const;

/** The version to name as long as nothing was ever stored. */
const NEVER_STORED: Rev = 0;

export const putConfiguration = (
  { connection }: Transaction,
  configuration: Configuration,
  rev: Rev,
): ClashReason | null => {
  const body = JSON.stringify(configuration);
  const written =
    rev === NEVER_STORED
      ? connection.run(CONFIGURATION_SQL.insert, body)
      : connection.run(CONFIGURATION_SQL.update, body, rev);
  return written === 1 ? null : "row";
};
