import type { AccountId, Instant, LibraryId, StagedId, UpdateSessionId } from "./ids.ts";
import { nameKey } from "./names.ts";
import type { BroughtFile, UpdateSession } from "./update-session.ts";

/** What bytes that outlived their session are found by: who had sent them, and what for. (S84) */
export interface KeptPartialKey {
  readonly accountId: AccountId;
  readonly libraryId: LibraryId;
  /** The item's name, in the form in which names are compared. */
  readonly itemKey: string;
  readonly fileName: string;
  /** Absent where none was declared, which is a value like any other. */
  readonly declaredSizeBytes?: number;
}

/** Bytes of a file that outlived the session they came in. They are no file, and nobody sees them. */
export interface KeptPartial extends KeptPartialKey {
  readonly stagedId: StagedId;
  /** The session they came in. */
  readonly sessionId: UpdateSessionId;
  /** How many of the first bytes are safe from a power cut; at least one. */
  readonly durableBytes: number;
  /** How many the whole has, where nobody declared it and a client told it, or all had come. */
  readonly lengthBytes?: number;
  readonly keptAt: Instant;
}

/** What the bytes of a file of a session are kept under, and found by in a later one. */
export const keptPartialKey = (
  { ownerId }: Pick<UpdateSession, "ownerId">,
  item: { readonly libraryId: LibraryId; readonly name: string },
  { name, declaredSizeBytes }: Pick<BroughtFile, "name" | "declaredSizeBytes">,
): KeptPartialKey => ({
  accountId: ownerId,
  libraryId: item.libraryId,
  itemKey: nameKey(item.name),
  fileName: name,
  ...(declaredSizeBytes === undefined ? {} : { declaredSizeBytes }),
});

/** Whether what was kept so long ago may still be gone on with; a life of 0 keeps nothing. */
export const isStillKept = (
  { keptAt }: Pick<KeptPartial, "keptAt">,
  now: Instant,
  ttlMs: number,
): boolean => now < keptAt + ttlMs;
