import type { Sha256, UpdateSessionId } from "../../../domain/ids.ts";
import type { ClashReason, PinOutcome } from "../../../ports/change.ts";
import { noteIfIdle, REFERENCES_SQL } from "./blob-references.ts";
import type { Statements } from "./connection.ts";
import type { Transaction } from "./transaction.ts";

export const PINS_SQL = {
  pin: "INSERT INTO pins (holder_id, digest) VALUES (?, ?) ON CONFLICT DO NOTHING",
  spend: "DELETE FROM pins WHERE holder_id = ? AND digest = ?",
  takeOfHolder: "DELETE FROM pins WHERE holder_id = ? RETURNING digest",
  takeAbandoned: `DELETE FROM pins
    WHERE NOT EXISTS (SELECT 1 FROM update_sessions AS s WHERE s.id = pins.holder_id AND s.state = 'ACTIVE')
    RETURNING digest`,
} as const;

interface DigestRow {
  readonly digest: Sha256;
}

/** All of the digests or none. */
export const pinDigests = (
  { connection }: Transaction,
  holder: UpdateSessionId,
  digests: readonly Sha256[],
): PinOutcome => {
  const doomed = digests.filter(
    (digest) => connection.get(REFERENCES_SQL.isDoomed, digest) !== undefined,
  );
  if (doomed.length > 0) return { kind: "doomed", digests: doomed };
  for (const digest of digests) connection.run(PINS_SQL.pin, holder, digest);
  return { kind: "pinned" };
};

export const spendPins = (
  transaction: Transaction,
  holder: UpdateSessionId,
  digests: readonly Sha256[],
): ClashReason | null => {
  for (const digest of new Set(digests)) {
    if (transaction.connection.run(PINS_SQL.spend, holder, digest) !== 1) return "pin-lapsed";
    noteIfIdle(transaction, digest);
  }
  return null;
};

/** Takes all pins of the holder and tells which they were. */
export const takePinsOf = (connection: Statements, holder: UpdateSessionId): readonly Sha256[] =>
  connection.all<DigestRow>(PINS_SQL.takeOfHolder, holder).map(({ digest }) => digest);

/** Takes the pins whose holder is no ACTIVE session any more: a process died between pinning and linking. */
export const takeAbandonedPins = (connection: Statements): readonly Sha256[] =>
  connection.all<DigestRow>(PINS_SQL.takeAbandoned).map(({ digest }) => digest);
