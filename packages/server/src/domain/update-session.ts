import type { Message } from "@contentlib/contract/vocabulary";
import type { ArchiveContents } from "./archive.ts";
import type { Checksum } from "./checksum.ts";
import type {
  AccountId,
  EntryId,
  Instant,
  ItemId,
  Sha256,
  StagedId,
  TokenId,
  UpdateSessionId,
} from "./ids.ts";
import type { ItemFile } from "./item.ts";
import type { SessionPackage, WarningType } from "./package.ts";
import type { PullSource } from "./pull-source.ts";
import type { SessionOwner } from "./session-owner.ts";

/** What the client wants done about one type of preview warning (contract W8). */
export interface WarningBehavior {
  readonly type: WarningType;
  readonly ignored: boolean;
}

/** Somebody has completed a session whose files are still being pulled: the server goes on alone. (U23 of the contract) */
export interface PendingCompletion {
  readonly at: Instant;
  /** Who completed, whose rights are asked for again when nothing but the commit is left. */
  readonly by: SessionOwner;
  /** Full name of that user. */
  readonly userName: string;
  readonly message?: string;
}

/** What every update session has, whatever its state. */
export interface UpdateSessionFacts {
  readonly id: UpdateSessionId;
  readonly ownerId: AccountId;
  readonly ownerName: string;
  /** The token its creator came with; absent after a login by password. */
  readonly tokenId?: TokenId;
  readonly itemId: ItemId;
  /** The item's content version when the session was created. */
  readonly itemContentVersion: number;
  readonly createdAt: Instant;
  /** Percent, 0 to 100; only keep-alive raises it. */
  readonly clientProgress: number;
  /** The session never ends for want of activity before this instant. */
  readonly expiresAt: Instant;
  readonly warningBehavior?: readonly WarningBehavior[];
  /** Of an item whose files belong together; absent for all others. */
  readonly package?: SessionPackage;
}

/**
 * An update session. `EXPIRED` is never shown: it is the memory of a session that is gone, kept so that the 404 can say when
 * and why.
 */
export type UpdateSession =
  | (UpdateSessionFacts & { readonly state: "ACTIVE"; readonly completing?: PendingCompletion })
  | (UpdateSessionFacts & { readonly state: "DONE"; readonly endedAt: Instant })
  | (UpdateSessionFacts & {
      readonly state: "ERROR";
      readonly endedAt: Instant;
      readonly errorMessage: Message;
    })
  | (UpdateSessionFacts & { readonly state: "CANCELED"; readonly endedAt: Instant })
  | (UpdateSessionFacts & {
      readonly state: "EXPIRED";
      readonly endedAt: Instant;
      readonly idleSeconds: number;
    });

export type UpdateSessionState = UpdateSession["state"];
export type ActiveUpdateSession = Extract<UpdateSession, { state: "ACTIVE" }>;

/** A session whose completion is pending. (S110) */
export type CompletingUpdateSession = ActiveUpdateSession & {
  readonly completing: PendingCompletion;
};

/** What the catalog remembers of a PUSH file's bytes. Bytes in motion are live state, not catalog state. */
export type Receipt =
  | { readonly status: "WAITING" }
  | {
      readonly status: "READY";
      readonly stagedId: StagedId;
      readonly digest: Sha256;
      readonly sizeBytes: number;
      readonly checksum: Checksum;
      /** Digests that were made besides, while the bytes passed. */
      readonly others?: readonly Checksum[];
      /** What the file holds, where it is an archive that is looked into. */
      readonly archive?: ArchiveContents;
    }
  | {
      readonly status: "ERROR";
      readonly errorMessage: Message;
      readonly receivedBytes: number;
      /** The bytes had all arrived, and are not what they should be; absent where some of them never came. */
      readonly isWhole?: true;
    };

/** A file of the item that the session leaves as it is (source type NONE). */
export interface KeptFile extends ItemFile {
  readonly source: "NONE";
}

/** A file that the session brings, whoever moves its bytes. */
interface BroughtFacts {
  readonly name: string;
  /** New each time the name is added; the upload endpoint is bound to it, so old URLs die. */
  readonly entryId: EntryId;
  readonly declaredSizeBytes?: number;
  readonly declaredChecksum?: Checksum;
  readonly receipt: Receipt;
}

/** A file the client pushes. */
export interface PushedFile extends BroughtFacts {
  readonly source: "PUSH";
}

/** A file the server pulls. */
export interface PulledFile extends BroughtFacts {
  readonly source: "PULL";
  readonly from: PullSource;
}

export type BroughtFile = PushedFile | PulledFile;

export type SessionFile = KeptFile | BroughtFile;
