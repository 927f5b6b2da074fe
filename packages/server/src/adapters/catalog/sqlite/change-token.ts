import type { AccessToken } from "../../../domain/account.ts";
import type { TokenId } from "../../../domain/ids.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Transaction } from "./transaction.ts";

export const TOKEN_SQL = {
  hasAccount: "SELECT 1 AS found FROM accounts WHERE id = ?",
  hasOther: `SELECT 1 AS found FROM tokens
    WHERE id <> ?1 AND ((account_id = ?2 AND label = ?3) OR hash = ?4) LIMIT 1`,
  put: `INSERT INTO tokens (id, account_id, label, hash, body) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id, label = excluded.label,
      hash = excluded.hash, body = excluded.body`,
  delete: "DELETE FROM tokens WHERE id = ?",
} as const;

/** Two tokens of one secret could not be told apart: that is a clash as well. */
export const putToken = ({ connection }: Transaction, token: AccessToken): ClashReason | null => {
  const { id, accountId, label, hash } = token;
  if (connection.get(TOKEN_SQL.hasAccount, accountId) === undefined) return "row";
  if (connection.get(TOKEN_SQL.hasOther, id, accountId, label, hash) !== undefined) return "row";
  connection.run(TOKEN_SQL.put, id, accountId, label, hash, JSON.stringify(token));
  return null;
};

/** The foreign keys take its grants and logins along. */
export const deleteToken = ({ connection }: Transaction, id: TokenId): ClashReason | null =>
  connection.run(TOKEN_SQL.delete, id) === 1 ? null : "row";
