import type { SQLInputValue } from "node:sqlite";
import type { AuditCriteria } from "../../../domain/audit-entry.ts";
import { nameKey } from "../../../domain/names.ts";

/** Statements that tell where in the audit trail to look. */
export const READ_AUDIT_SQL = {
  edges:
    "SELECT (SELECT min(id) FROM audit_rows) AS lowest, (SELECT max(id) FROM audit_rows) AS highest",
  lowestSince: `SELECT min(id) AS lowest, count(*) AS count FROM
    (SELECT id FROM audit_rows WHERE last_at >= ? ORDER BY last_at DESC LIMIT ?)`,
} as const;

/** A text of JSON never holds a quote of a value unescaped, so few rows but those that are wanted have their objects looked at. */
const HAS_OBJECT = `CASE WHEN instr(body, ?) = 0 THEN 0 ELSE
  EXISTS (SELECT 1 FROM json_each(body, '$.objects') AS o WHERE o.value -> '$.id' = ?) END`;

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

const equals = (column: string, value: string | undefined): readonly Condition[] =>
  value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }];

const conditionsOf = (criteria: AuditCriteria): readonly Condition[] => {
  const { userName, objectId, since, until } = criteria;
  const quotedId = JSON.stringify(objectId);
  return [
    ...equals("event", criteria.event),
    ...equals("operation", criteria.operation),
    ...equals("user_key", userName === undefined ? undefined : nameKey(userName)),
    ...equals("token_id", criteria.tokenId),
    ...equals("address", criteria.address),
    ...equals("request_id", criteria.requestId),
    // The plus sign keeps the planner from the index, which is in another order than the ids.
    ...(since === undefined ? [] : [{ sql: "+last_at >= ?", values: [since] }]),
    ...(until === undefined ? [] : [{ sql: "first_at < ?", values: [until] }]),
    ...(objectId === undefined ? [] : [{ sql: HAS_OBJECT, values: [quotedId, quotedId] }]),
  ];
};

/** Finds rows of the audit trail by the criteria given; the values are those of the criteria, to stand before the limit. */
export const findAuditSql = (
  criteria: AuditCriteria,
): { readonly sql: string; readonly values: readonly SQLInputValue[] } => {
  const conditions = conditionsOf(criteria);
  const all = ["id >= ?", "id < ?", ...conditions.map(({ sql }) => sql)];
  return {
    sql: `SELECT id, first_at AS at, last_at AS lastAt, count, event, operation, address, request_id AS requestId, body
    FROM audit_rows WHERE ${all.join(" AND ")} ORDER BY id DESC LIMIT ?`,
    values: conditions.flatMap(({ values }) => values),
  };
};
