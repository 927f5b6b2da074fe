import type { AuditEntry } from "../../../domain/audit-entry.ts";
import { nameKey } from "../../../domain/names.ts";
import type { Change } from "../../../ports/change.ts";
import type { Transaction } from "./transaction.ts";

export const AUDIT_SQL = {
  insertRow: `INSERT INTO audit_rows
    (first_at, last_at, count, fold_key, event, operation, user_key, token_id, address, request_id, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  countInRow: `UPDATE audit_rows SET count = count + ?3, last_at = max(last_at, ?4) WHERE id =
    (SELECT id FROM audit_rows WHERE fold_key = ?1 AND first_at >= ?2 ORDER BY first_at DESC, id DESC LIMIT 1)`,
} as const;

/** What of an entry no column holds, as a text of JSON. */
export type AuditBody = Pick<AuditEntry, "actor" | "objects" | "changed" | "reason">;

type AuditPut = Extract<Change, { readonly kind: "audit.put" }>;

const actorColumns = (
  actor: AuditEntry["actor"],
): readonly [userKey: string | null, tokenId: string | null] => {
  switch (actor.kind) {
    case "user":
      return [nameKey(actor.userName), actor.token?.id ?? null];
    case "unknown":
      return [nameKey(actor.userName), null];
    case "server":
      return [null, null];
  }
};

const bodyOf = ({ actor, objects, changed, reason }: AuditEntry): string => {
  const body: AuditBody = {
    actor,
    objects,
    ...(changed === undefined ? {} : { changed }),
    ...(reason === undefined ? {} : { reason }),
  };
  return JSON.stringify(body);
};

/** Counts the entry in a row that it may be folded into, else adds a row of its own. */
export const putAudit = ({ connection }: Transaction, change: AuditPut): void => {
  const { entry, count, lastAt, fold } = change;
  if (fold !== null) {
    const { key, since } = fold;
    if (connection.run(AUDIT_SQL.countInRow, key, since, count, lastAt) === 1) return;
  }
  connection.run(
    AUDIT_SQL.insertRow,
    entry.at,
    lastAt,
    count,
    fold?.key ?? null,
    entry.event,
    entry.operation,
    ...actorColumns(entry.actor),
    entry.address ?? null,
    entry.requestId ?? null,
    bodyOf(entry),
  );
};
