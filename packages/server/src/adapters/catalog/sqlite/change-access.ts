import type { AccessToken, Account, Login } from "../../../domain/account.ts";
import type { Instant } from "../../../domain/ids.ts";
import type { ClashReason, ClientTokenKey, Rev } from "../../../ports/catalog.ts";
import type { Transaction } from "./transaction.ts";

export const ACCESS_SQL = {
  insertAccount:
    "INSERT INTO accounts (id, name, rev, body) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
  updateAccount: `UPDATE accounts SET name = ?2, rev = rev + 1, body = ?3
    WHERE id = ?1 AND rev = ?4 AND NOT EXISTS (SELECT 1 FROM accounts WHERE name = ?2 AND id <> ?1)`,
  putLogin: `INSERT INTO logins (id_hash, account_id, created_at, last_accessed_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (id_hash) DO UPDATE SET account_id = excluded.account_id, created_at = excluded.created_at,
      last_accessed_at = excluded.last_accessed_at`,
  touchLogin:
    "UPDATE logins SET last_accessed_at = ?2 WHERE id_hash = ?1 AND last_accessed_at < ?2",
  deleteLogin: "DELETE FROM logins WHERE id_hash = ?",
  putToken:
    "INSERT INTO access_tokens (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET body = excluded.body",
  deleteToken: "DELETE FROM access_tokens WHERE hash = ?",
  putClientToken: `INSERT INTO client_tokens (account_id, operation, token, result_id, created_at)
    VALUES (?, ?, ?, ?, ?) ON CONFLICT (account_id, operation, token) DO NOTHING`,
} as const;

/** Two accounts never share a name: that is a clash of rows, too. */
export const putAccount = (
  { connection }: Transaction,
  account: Account,
  rev: Rev | null,
): ClashReason | null => {
  const columns = [account.id, account.name, JSON.stringify(account)] as const;
  const written =
    rev === null
      ? connection.run(ACCESS_SQL.insertAccount, ...columns)
      : connection.run(ACCESS_SQL.updateAccount, ...columns, rev);
  return written === 1 ? null : "row";
};

export const putLogin = ({ connection }: Transaction, login: Login): void => {
  connection.run(
    ACCESS_SQL.putLogin,
    login.idHash,
    login.accountId,
    login.createdAt,
    login.lastAccessedAt,
  );
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

export const putToken = ({ connection }: Transaction, token: AccessToken): void => {
  connection.run(ACCESS_SQL.putToken, token.hash, JSON.stringify(token));
};

export const deleteToken = ({ connection }: Transaction, hash: string): void => {
  connection.run(ACCESS_SQL.deleteToken, hash);
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
