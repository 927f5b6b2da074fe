import type { AuditEntry, AuditObject } from "@contentlib/server/domain/audit-entry";
import type { Change } from "@contentlib/server/ports/change";
import { anAccountId, anItemId, aTokenId, BUILT_AT, nextNumber } from "./ids.ts";

type AuditPut = Extract<Change, { readonly kind: "audit.put" }>;

/** An item of its own. */
export const anAuditObject = (over: Partial<AuditObject> = {}): AuditObject => ({
  kind: "item",
  id: anItemId(),
  name: `item ${String(nextNumber())}`,
  ...over,
});

/** A change that somebody made by a token, everything of which is its own. */
export const anAuditEntry = (over: Partial<AuditEntry> = {}): AuditEntry => {
  const number = nextNumber();
  return {
    event: "CHANGE",
    operation: "item.update",
    actor: {
      kind: "user",
      accountId: anAccountId(),
      userName: `user${String(number)}`,
      token: { id: aTokenId(), label: `token ${String(number)}` },
    },
    address: `192.0.2.${String(number % 256)}`,
    requestId: `request-${String(number)}`,
    objects: [anAuditObject()],
    at: BUILT_AT,
    ...over,
  };
};

/** Puts the entry as one that stands alone. */
export const anAuditPut = (
  entry: AuditEntry,
  over: Partial<Omit<AuditPut, "entry">> = {},
): AuditPut => ({
  kind: "audit.put",
  entry,
  count: 1,
  lastAt: entry.at,
  fold: null,
  ...over,
});
