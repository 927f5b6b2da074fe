import type { Grant, GrantSubject } from "../../../domain/access/grant.ts";
import type { GrantId } from "../../../domain/ids.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Transaction } from "./transaction.ts";

export const GRANT_SQL = {
  hasAccount: "SELECT 1 AS found FROM accounts WHERE id = ?",
  hasGroup: "SELECT 1 AS found FROM account_groups WHERE id = ?",
  hasToken: "SELECT 1 AS found FROM tokens WHERE id = ?",
  hasLibrary: "SELECT 1 AS found FROM libraries WHERE id = ?",
  insert: `INSERT INTO grants (id, account_id, group_id, token_id, role, library_id, body)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  delete: "DELETE FROM grants WHERE id = ?",
  hasAdministrator: `SELECT 1 AS found FROM grants AS g JOIN accounts AS a ON a.id = g.account_id
    WHERE g.role = 'administrator' AND g.library_id IS NULL AND a.is_disabled = 0
    UNION ALL
    SELECT 1 FROM grants AS g JOIN group_members AS m ON m.group_id = g.group_id
      JOIN accounts AS a ON a.id = m.account_id
    WHERE g.role = 'administrator' AND g.library_id IS NULL AND a.is_disabled = 0
    LIMIT 1`,
} as const;

const hasSubject: Readonly<Record<GrantSubject["kind"], string>> = {
  account: GRANT_SQL.hasAccount,
  group: GRANT_SQL.hasGroup,
  token: GRANT_SQL.hasToken,
};

/** A grant is never changed, so one that says what another says is of no use, and would outlive the taking away of the other. */
export const putGrant = ({ connection }: Transaction, grant: Grant): ClashReason | null => {
  const { id, subject, role, libraryId } = grant;
  if (connection.get(hasSubject[subject.kind], subject.id) === undefined) return "row";
  if (libraryId !== undefined && connection.get(GRANT_SQL.hasLibrary, libraryId) === undefined)
    return "row";
  const written = connection.run(
    GRANT_SQL.insert,
    id,
    subject.kind === "account" ? subject.id : null,
    subject.kind === "group" ? subject.id : null,
    subject.kind === "token" ? subject.id : null,
    role,
    libraryId ?? null,
    JSON.stringify(grant),
  );
  return written === 1 ? null : "row";
};

export const deleteGrant = ({ connection }: Transaction, id: GrantId): ClashReason | null =>
  connection.run(GRANT_SQL.delete, id) === 1 ? null : "row";

/** What the set did so far counts, for it is in this very transaction. */
export const expectAdministrator = ({ connection }: Transaction): ClashReason | null =>
  connection.get(GRANT_SQL.hasAdministrator) === undefined ? "last-administrator" : null;
