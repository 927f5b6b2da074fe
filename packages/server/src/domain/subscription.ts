import type { LibraryId, SubscriptionId } from "./ids.ts";

/** Where virtual machine templates of a subscriber are placed; kept as told. */
export interface Placement {
  readonly folder?: string;
  readonly cluster?: string;
  readonly resourcePool?: string;
  readonly host?: string;
  readonly network?: string;
}

/** A subscriber of a published library (contract L23): a subscribed library on this very server. */
export interface Subscription {
  readonly id: SubscriptionId;
  /** The published library. */
  readonly libraryId: LibraryId;
  readonly subscribedLibraryId: LibraryId;
  readonly placement: Placement;
}
