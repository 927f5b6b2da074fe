import type { Instant, Sha256, UpdateSessionId } from "../domain/ids.ts";
import type { CatalogHousekeeping } from "./catalog-housekeeping.ts";
import type { CatalogReader } from "./catalog-reader.ts";
import type { ChangeSet, CommitOutcome, PinOutcome } from "./change.ts";

/**
 * The catalog: all metadata. For implementers, each sentence has a test in the suite: `commit` applies the whole set or
 * nothing; it answers only when the set is safe from a power cut; a clash of one caller never disturbs another's set;
 * concurrent commits behave as if one after the other; a blob reference follows its holder's row in the same commit. An item,
 * a revision or a download session that would begin to hold a doomed digest clashes with `pin-lapsed`.
 */
export interface Catalog extends CatalogReader {
  readonly housekeeping: CatalogHousekeeping;
  commit(changes: ChangeSet): Promise<CommitOutcome>;
  /** Pins digests for a holder, so that the collector leaves them alone until the pins are spent or dropped. Pinning twice is harmless. */
  pin(holder: UpdateSessionId, digests: readonly Sha256[], at: Instant): Promise<PinOutcome>;
  unpin(holder: UpdateSessionId): Promise<void>;
  close(): Promise<void>;
}
