import type { Message } from "@contentlib/contract/vocabulary";
import type { AccountId, DownloadSessionId, Instant, ItemId, TokenId } from "./ids.ts";
import type { ItemFile } from "./item.ts";

/** A file of a download session: the item's file as it was when the session was created. */
export interface DownloadFile {
  readonly file: ItemFile;
  readonly prepared: boolean;
  /** True once the client has read the whole file; only then is its checksum shown (contract D11). */
  readonly delivered: boolean;
}

export interface DownloadSessionFacts {
  readonly id: DownloadSessionId;
  readonly ownerId: AccountId;
  readonly ownerName: string;
  /** The token its creator came with; absent after a login by password. */
  readonly tokenId?: TokenId;
  readonly itemId: ItemId;
  readonly itemContentVersion: number;
  readonly createdAt: Instant;
  readonly clientProgress: number;
  readonly expiresAt: Instant;
  readonly files: readonly DownloadFile[];
}

/** A download session; there is no DONE state (contract D2). `EXPIRED` is never shown. */
export type DownloadSession =
  | (DownloadSessionFacts & { readonly state: "ACTIVE" })
  | (DownloadSessionFacts & { readonly state: "CANCELED"; readonly endedAt: Instant })
  | (DownloadSessionFacts & {
      readonly state: "ERROR";
      readonly endedAt: Instant;
      readonly errorMessage: Message;
    })
  | (DownloadSessionFacts & {
      readonly state: "EXPIRED";
      readonly endedAt: Instant;
      readonly idleSeconds: number;
    });

export type DownloadSessionState = DownloadSession["state"];
