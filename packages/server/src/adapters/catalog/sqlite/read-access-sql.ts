import type { GrantSubject } from "../../../domain/access/grant.ts";

/** The members stand in a table of their own; as a text of JSON they cost one row. */
const GROUP_COLUMNS = `g.body, g.rev,
    (SELECT json_group_array(m.account_id ORDER BY m.position) FROM group_members AS m WHERE m.group_id = g.id) AS members`;

/** Statements that read who may log in, and what they may do. */
export const READ_ACCESS_SQL = {
  clientToken:
    "SELECT result_id FROM client_tokens WHERE account_id = ? AND operation = ? AND token = ?",
  accountByName: "SELECT body, rev FROM accounts WHERE name = ?",
  account: "SELECT body, rev FROM accounts WHERE id = ?",
  login: `SELECT id_hash AS idHash, account_id AS accountId, token_id AS tokenId, created_at AS createdAt,
    last_accessed_at AS lastAccessedAt FROM logins WHERE id_hash = ?`,
  tokenByHash: "SELECT body FROM tokens WHERE hash = ?",
  token: "SELECT body FROM tokens WHERE id = ?",
  tokensOfAccount: "SELECT body FROM tokens WHERE account_id = ? ORDER BY seq",
  group: `SELECT ${GROUP_COLUMNS} FROM account_groups AS g WHERE g.id = ?`,
  groupByName: `SELECT ${GROUP_COLUMNS} FROM account_groups AS g WHERE g.name = ?`,
  groupsOfMember: `SELECT ${GROUP_COLUMNS} FROM group_members AS o CROSS JOIN account_groups AS g ON g.id = o.group_id
    WHERE o.account_id = ? ORDER BY g.name`,
  grant: "SELECT body FROM grants WHERE id = ?",
  grantsForAccount: `SELECT body FROM grants WHERE account_id = ?1
    UNION ALL
    SELECT g.body FROM group_members AS m CROSS JOIN grants AS g ON g.group_id = m.group_id WHERE m.account_id = ?1`,
  grantsForToken: "SELECT body FROM grants WHERE token_id = ?",
} as const;

/** Statements that go through a whole table, because all of it is wanted. */
export const WHOLE_ACCESS_SQL = {
  accounts: "SELECT body FROM accounts ORDER BY name",
  tokens: "SELECT body FROM tokens ORDER BY seq",
  groups: `SELECT ${GROUP_COLUMNS} FROM account_groups AS g ORDER BY g.name`,
  grants: "SELECT body FROM grants ORDER BY seq",
} as const;

const SUBJECT_COLUMNS: Readonly<Record<GrantSubject["kind"], string>> = {
  account: "account_id",
  group: "group_id",
  token: "token_id",
};

/** Lists grants by the criteria given, their values in the order subject, library: a subject has few, a library may have many. */
export const listGrantsSql = (given: {
  readonly subject: GrantSubject["kind"] | undefined;
  readonly library: boolean;
}): string => {
  const conditions = [
    ...(given.subject === undefined ? [] : [`${SUBJECT_COLUMNS[given.subject]} = ?`]),
    ...(given.library ? [given.subject === undefined ? "library_id = ?" : "+library_id = ?"] : []),
  ];
  if (conditions.length === 0) return WHOLE_ACCESS_SQL.grants;
  return `SELECT body FROM grants WHERE ${conditions.join(" AND ")} ORDER BY seq`;
};
