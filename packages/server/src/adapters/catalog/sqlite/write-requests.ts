import type { Instant, Sha256, UpdateSessionId } from "../../../domain/ids.ts";
import type { CatalogHousekeeping } from "../../../ports/catalog-housekeeping.ts";
import type { ChangeSet, CommitOutcome, PinOutcome } from "../../../ports/change.ts";

export type PurgeLimits = Parameters<CatalogHousekeeping["purge"]>[0];

/** Everything that writes. Plain data, so that it can cross into the worker. */
export type WriteRequest =
  | { readonly kind: "commit"; readonly changes: ChangeSet }
  | { readonly kind: "pin"; readonly holder: UpdateSessionId; readonly digests: readonly Sha256[] }
  | { readonly kind: "unpin"; readonly holder: UpdateSessionId }
  | { readonly kind: "purge"; readonly limits: PurgeLimits; readonly rowsMax: number }
  | { readonly kind: "note-stored"; readonly digests: readonly Sha256[]; readonly since: Instant }
  | { readonly kind: "doom"; readonly digest: Sha256 }
  | { readonly kind: "settle"; readonly digest: Sha256 }
  | { readonly kind: "note-alive"; readonly aliveAt: Instant };

export type WriteKind = WriteRequest["kind"];

/** What each kind of request is answered with; `null` where there is nothing to say. */
export interface WriteAnswers {
  readonly commit: CommitOutcome;
  readonly pin: PinOutcome;
  readonly unpin: null;
  /** How many rows went. */
  readonly purge: number;
  readonly "note-stored": null;
  readonly doom: boolean;
  readonly settle: null;
  readonly "note-alive": null;
}
