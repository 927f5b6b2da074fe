import type { Secret } from "../../../domain/secret.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Transaction } from "./transaction.ts";

export const SECRET_SQL = {
  put: "INSERT INTO secrets (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
  delete: "DELETE FROM secrets WHERE name = ?",
} as const;

export const putSecret = ({ connection }: Transaction, secret: Secret): void => {
  connection.run(SECRET_SQL.put, secret.name, JSON.stringify(secret));
};

export const deleteSecret = ({ connection }: Transaction, name: string): ClashReason | null =>
  connection.run(SECRET_SQL.delete, name) === 1 ? null : "row";
