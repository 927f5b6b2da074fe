import type { Group } from "../../../domain/access/group.ts";
import type { GroupId } from "../../../domain/ids.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import type { Transaction } from "./transaction.ts";

export const GROUP_SQL = {
  insert:
    "INSERT INTO account_groups (id, name, rev, body) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
  update: `UPDATE account_groups SET name = ?2, rev = rev + 1, body = ?3
    WHERE id = ?1 AND rev = ?4 AND NOT EXISTS (SELECT 1 FROM account_groups WHERE name = ?2 AND id <> ?1)`,
  delete: "DELETE FROM account_groups WHERE id = ? AND rev = ?",
  hasStranger: `SELECT 1 AS found FROM json_each(?) AS m
    WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.id = m.value) LIMIT 1`,
  dropMembers: "DELETE FROM group_members WHERE group_id = ?",
  addMembers: `INSERT INTO group_members (group_id, position, account_id)
    SELECT ?, key, value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
} as const;

/** The members stand in a table of their own, from which an account takes itself away when it goes. */
export const putGroup = (
  { connection }: Transaction,
  { memberIds, ...group }: Group,
  rev: Rev | null,
): ClashReason | null => {
  const members = JSON.stringify(memberIds);
  if (connection.get(GROUP_SQL.hasStranger, members) !== undefined) return "row";
  const columns = [group.id, group.name, JSON.stringify(group)] as const;
  const written =
    rev === null
      ? connection.run(GROUP_SQL.insert, ...columns)
      : connection.run(GROUP_SQL.update, ...columns, rev);
  if (written !== 1) return "row";
  connection.run(GROUP_SQL.dropMembers, group.id);
  connection.run(GROUP_SQL.addMembers, group.id, members);
  return null;
};

/** The foreign keys take memberships and grants along. */
export const deleteGroup = (
  { connection }: Transaction,
  id: GroupId,
  rev: Rev,
): ClashReason | null => (connection.run(GROUP_SQL.delete, id, rev) === 1 ? null : "row");
