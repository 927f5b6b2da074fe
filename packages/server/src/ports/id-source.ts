import type {
  AccountId,
  DownloadSessionId,
  EntryId,
  GrantId,
  GroupId,
  ItemId,
  LibraryId,
  StagedId,
  SubscriptionId,
  TokenId,
  UpdateSessionId,
} from "../domain/ids.ts";

/** Identifiers and secrets, injected. */
export interface IdSource {
  libraryId(): LibraryId;
  itemId(): ItemId;
  updateSessionId(): UpdateSessionId;
  downloadSessionId(): DownloadSessionId;
  entryId(): EntryId;
  stagedId(): StagedId;
  subscriptionId(): SubscriptionId;
  accountId(): AccountId;
  groupId(): GroupId;
  tokenId(): TokenId;
  grantId(): GrantId;
  /** A fresh login id: 32 lower-case hexadecimal digits, 128 random bits (contract A3). */
  loginId(): string;
  /** A fresh access token: 64 lower-case hexadecimal digits, 256 random bits. */
  accessToken(): string;
}
