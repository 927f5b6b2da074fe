import type { SubscriptionId } from "../../../domain/ids.ts";
import type { Subscription } from "../../../domain/subscription.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Rev } from "../../../ports/row.ts";
import type { Transaction } from "./transaction.ts";

export const SUBSCRIPTION_SQL = {
  hasLibrary: "SELECT 1 AS found FROM libraries WHERE id = ?",
  insert: `INSERT INTO subscriptions (id, library_id, subscribed_library_id, rev, body)
    VALUES (?, ?, ?, 1, ?) ON CONFLICT (id) DO NOTHING`,
  update: `UPDATE subscriptions SET library_id = ?2, subscribed_library_id = ?3, rev = rev + 1, body = ?4
    WHERE id = ?1 AND rev = ?5`,
  delete: "DELETE FROM subscriptions WHERE id = ? AND rev = ?",
} as const;

export const putSubscription = (
  { connection }: Transaction,
  subscription: Subscription,
  rev: Rev | null,
): ClashReason | null => {
  const { id, libraryId, subscribedLibraryId } = subscription;
  for (const library of [libraryId, subscribedLibraryId]) {
    if (connection.get(SUBSCRIPTION_SQL.hasLibrary, library) === undefined) return "library-gone";
  }
  const columns = [id, libraryId, subscribedLibraryId, JSON.stringify(subscription)] as const;
  const written =
    rev === null
      ? connection.run(SUBSCRIPTION_SQL.insert, ...columns)
      : connection.run(SUBSCRIPTION_SQL.update, ...columns, rev);
  return written === 1 ? null : "row";
};

export const deleteSubscription = (
  { connection }: Transaction,
  id: SubscriptionId,
  rev: Rev,
): ClashReason | null => (connection.run(SUBSCRIPTION_SQL.delete, id, rev) === 1 ? null : "row");
