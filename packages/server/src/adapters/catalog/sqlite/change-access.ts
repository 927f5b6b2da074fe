import type { Account, Login } from "../../../domain/account.ts";
import type { AccountId, Instant, TokenId } from "../../../domain/ids.ts";
import type { ClashReason, ClientTokenKey } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import type { Transaction } from "./transaction.ts";

export const ACCESS_SQL = {
  insertAccount: `INSERT INTO accounts (id, name, is_disabled, rev, body) VALUES (?, ?, ?, 1, ?)
    ON CONFLICT DO NOTHING`,
  updateAccount: `UPDATE accounts SET name = ?2, is_disabled = ?3, rev = rev + 1, body = ?4
    WHERE id = ?1 AND rev = ?5 AND NOT EXISTS (SELECT 1 FROM accounts WHERE name = ?2 AND id <> ?1)`,
  moveGroupsOfMember: `UPDATE account_groups SET rev = rev + 1
    WHERE id IN (SELECT group_id FROM group_members WHERE account_id = ?)`,
  deleteAccount: "DELETE FROM accounts WHERE id = ? AND rev = ?",
  hasEnabledAccount: "SELECT 1 AS found FROM accounts WHERE id = ? AND is_disabled = 0",
  hasToken: "SELECT 1 AS found FROM tokens WHERE id = ?",
  putLogin: `INSERT INTO logins (id_hash, account_id, token_id, created_at, last_accessed_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id_hash) DO UPDATE SET account_id = excluded.account_id, token_id = excluded.token_id,
      created_at = excluded.created_at, last_accessed_at = excluded.last_accessed_at`,
  touchLogin:
    "UPDATE logins SET last_accessed_at = ?2 WHERE id_hash = ?1 AND last_accessed_at < ?2",
  deleteLogin: "DELETE FROM logins WHERE id_hash = ?",
  deleteLoginsOfAccount: "DELETE FROM logins WHERE account_id = ?",
  deleteLoginsOfToken: "DELETE FROM logins WHERE token_id = ?",
  putClientToken: `INSERT INTO client_tokens (account_id, operation, token, result_id, created_at)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT (account_id, operation, token) DO NOTHING`,
} as const;

/** Two accounts never share a name: that is a clash of rows, too. */
export const putAccount = (
  { connection }: Transaction,
  account: Account,
  rev: Rev | null,
): ClashReason | null => {
  const { id, name, isDisabled } = account;
  const columns = [id, name, isDisabled ? 1 : 0, JSON.stringify(account)] as const;
  const written =
    rev === null
      ? connection.run(ACCESS_SQL.insertAccount, ...columns)
      : connection.run(ACCESS_SQL.updateAccount, ...columns, rev);
  return written === 1 ? null : "row";
};

/** The foreign keys take tokens, memberships and grants along. Groups that lose a member are other than they were read. */
export const deleteAccount = (
  { connection }: Transaction,
  id: AccountId,
  rev: Rev,
): ClashReason | null => {
  connection.run(ACCESS_SQL.moveGroupsOfMember, id);
  if (connection.run(ACCESS_SQL.deleteAccount, id, rev) !== 1) return "row";
  connection.run(ACCESS_SQL.deleteLoginsOfAccount, id);
  return null;
};

export const putLogin = ({ connection }: Transaction, login: Login): ClashReason | null => {
  const { accountId, tokenId } = login;
  if (connection.get(ACCESS_SQL.hasEnabledAccount, accountId) === undefined) return "row";
  if (tokenId !== undefined && connection.get(ACCESS_SQL.hasToken, tokenId) === undefined)
    return "row";
  connection.run(
    ACCESS_SQL.putLogin,
    login.idHash,
    accountId,
    tokenId ?? null,
    login.createdAt,
    login.lastAccessedAt,
  );
  return null;
};

/** An earlier instant than the stored one changes nothing: touches of one login may overtake one another. */
export const touchLogin = (
  { connection }: Transaction,
  idHash: string,
  lastAccessedAt: Instant,
): void => {
  connection.run(ACCESS_SQL.touchLogin, idHash, lastAccessedAt);
};

export const deleteLogin = ({ connection }: Transaction, idHash: string): void => {
  connection.run(ACCESS_SQL.deleteLogin, idHash);
};

/** Ends the logins of an account, or those that were made with one token. */
export const deleteLogins = (
  { connection }: Transaction,
  of: { readonly accountId: AccountId } | { readonly tokenId: TokenId },
): void => {
  if ("accountId" in of) connection.run(ACCESS_SQL.deleteLoginsOfAccount, of.accountId);
  else connection.run(ACCESS_SQL.deleteLoginsOfToken, of.tokenId);
};

export const putClientToken = (
  { connection }: Transaction,
  key: ClientTokenKey,
  resultId: string,
  at: Instant,
): ClashReason | null => {
  const written = connection.run(
    ACCESS_SQL.putClientToken,
    key.accountId,
    key.operation,
    key.token,
    resultId,
    at,
  );
  return written === 1 ? null : "client-token";
};
