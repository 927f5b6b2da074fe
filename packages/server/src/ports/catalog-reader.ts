import type { Grant, GrantSubject } from "../domain/access/grant.ts";
import type { Group } from "../domain/access/group.ts";
import type { AccessToken, Account, Login } from "../domain/account.ts";
import type { AuditCriteria, AuditPage } from "../domain/audit-entry.ts";
import type { Configuration } from "../domain/configuration.ts";
import type { DownloadSession } from "../domain/download-session.ts";
import type {
  AccountId,
  CertificateId,
  DownloadSessionId,
  GrantId,
  GroupId,
  ItemId,
  LibraryId,
  Sha256,
  SubscriptionId,
  TokenId,
  UpdateSessionId,
} from "../domain/ids.ts";
import type { Item, ItemFile } from "../domain/item.ts";
import type { KeptPartial, KeptPartialKey } from "../domain/kept-partial.ts";
import type { Library } from "../domain/library.ts";
import type { VerifiedContent } from "../domain/package.ts";
import type { PartialUpload, UploadEntry } from "../domain/partial-upload.ts";
import type { RevisionHead } from "../domain/revision.ts";
import type { Secret } from "../domain/secret.ts";
import type { Subscription } from "../domain/subscription.ts";
import type { TrustedCertificate } from "../domain/trusted-certificate.ts";
import type { SessionFile, UpdateSession } from "../domain/update-session.ts";
import type { ClientTokenKey } from "./change.ts";
import type { Pages } from "./pages.ts";
import type { NamedItem, Rev, Row, SessionRow } from "./row.ts";

/** Bytes, by what is known of them without having them. */
export interface BlobWish {
  readonly digest: Sha256;
  readonly sizeBytes: number;
}

/** An item that holds bytes, and the version of its row to expect for as long as it is to hold them. */
export interface BlobHolder {
  readonly itemId: ItemId;
  readonly rev: Rev;
}

/**
 * Reading. Each call sees one consistent state that holds every change set committed before the call began. `find…` answers
 * null for what is not there. Errors are `PortError`s.
 */
export interface CatalogReader {
  findLibrary(id: LibraryId): Promise<Row<Library> | null>;
  /** In order of creation; all, or those of one type. */
  listLibraryIds(type?: Library["type"]): Pages<LibraryId>;
  /** Libraries whose name equals `name` without regard to case, and whose type is `type`; each criterion may be absent. */
  findLibraryIds(criteria: {
    readonly name?: string;
    readonly type?: Library["type"];
  }): Pages<LibraryId>;
  findItem(id: ItemId): Promise<Row<Item> | null>;
  /** The item of that name in the library, compared without case. What came of its sessions is known also of those that were deleted or purged. */
  findItemByName(libraryId: LibraryId, name: string): Promise<NamedItem | null>;
  /**
   * An item of one of the libraries, of any where that is null, whose present content has a file of these bytes. How long that takes
   * does not depend on what other libraries hold.
   */
  findBlobHolder(
    bytes: BlobWish,
    libraryIds: ReadonlySet<LibraryId> | null,
  ): Promise<BlobHolder | null>;
  listItemIds(libraryId: LibraryId): Pages<ItemId>;
  /** All criteria given must hold; name and type compared without case. */
  findItemIds(criteria: {
    readonly name?: string;
    readonly libraryId?: LibraryId;
    readonly type?: string;
    /** Items of these libraries only. */
    readonly libraryIds?: readonly LibraryId[];
    /** Items of libraries of this kind only. */
    readonly libraryType?: Library["type"];
  }): Pages<ItemId>;
  /** The kept content versions of an item, newest first, at the same cost however many files they have. */
  listRevisions(itemId: ItemId): Promise<readonly RevisionHead[]>;
  findRevision(itemId: ItemId, contentVersion: number): Promise<RevisionHead | null>;
  /** The files of a kept content version, in the order in which they were put. */
  findRevisionFiles(itemId: ItemId, contentVersion: number): Promise<readonly ItemFile[] | null>;
  /** What was found out about a kept content version; null where it is not kept, or nobody looked into it. */
  findVerifiedContent(itemId: ItemId, contentVersion: number): Promise<VerifiedContent | null>;
  /** Update sessions of everybody that are kept, in order of creation; without those that expired or whose item is gone. Nothing is held between its pages: each shows the state of when it is asked for. */
  listAllSessions(state?: UpdateSession["state"]): Pages<UpdateSession>;
  findSession(id: UpdateSessionId): Promise<SessionRow | null>;
  /** The session alone, for callers that do not need its files. */
  findSessionHead(id: UpdateSessionId): Promise<Row<UpdateSession> | null>;
  findActiveSession(itemId: ItemId): Promise<Row<UpdateSession> | null>;
  /** Sessions of one owner, in order of creation, without those that expired or whose item is gone. */
  listSessionIds(ownerId: AccountId, itemId?: ItemId): Pages<UpdateSessionId>;
  /** ACTIVE sessions of any item of the library, or of one owner. */
  listActiveSessions(
    scope: { readonly libraryId: LibraryId } | { readonly ownerId: AccountId },
  ): Promise<readonly Row<UpdateSession>[]>;
  /** The file that an upload endpoint stands for; null when it was removed, or added again. */
  findSessionFile(entry: UploadEntry): Promise<Row<SessionFile> | null>;
  /** The file of that name in a session, compared exactly, at the same cost however many files there are. */
  findNamedFile(sessionId: UpdateSessionId, name: string): Promise<Row<SessionFile> | null>;
  /** How many files a session has; 0 where there is no session. */
  countSessionFiles(sessionId: UpdateSessionId): Promise<number>;
  /** What has come of a file that waits for bytes, or waited for them when its session ended. */
  findPartial(entry: UploadEntry): Promise<PartialUpload | null>;
  /** The fence of an entry, also of a file that waits no more; 0 where no writer ever took one. */
  findFence(entry: UploadEntry): Promise<number>;
  listPartials(sessionId: UpdateSessionId): Promise<readonly PartialUpload[]>;
  findKeptPartial(key: KeptPartialKey): Promise<KeptPartial | null>;
  /** What was kept of the files of one session, and is still kept. */
  listKeptPartials(sessionId: UpdateSessionId): Promise<readonly KeptPartial[]>;
  findDownload(id: DownloadSessionId): Promise<Row<DownloadSession> | null>;
  listDownloadIds(ownerId: AccountId, itemId?: ItemId): Pages<DownloadSessionId>;
  listActiveDownloads(
    scope:
      | { readonly itemId: ItemId }
      | { readonly libraryId: LibraryId }
      | { readonly ownerId: AccountId },
  ): Promise<readonly Row<DownloadSession>[]>;
  findSubscription(id: SubscriptionId): Promise<Row<Subscription> | null>;
  /** Subscriptions of a published library, in order of creation. */
  listSubscriptions(libraryId: LibraryId): Promise<readonly Row<Subscription>[]>;
  findCertificate(id: CertificateId): Promise<TrustedCertificate | null>;
  /** In order of their adding. */
  listCertificates(): Promise<readonly TrustedCertificate[]>;
  findSecret(name: string): Promise<Secret | null>;
  /** In order of the alphabet. */
  listSecrets(): Promise<readonly Secret[]>;
  /** Null as long as nothing was ever stored. */
  findConfiguration(): Promise<Row<Configuration> | null>;
  findClientToken(key: ClientTokenKey): Promise<string | null>;
  findAccountByName(name: string): Promise<Row<Account> | null>;
  findAccount(id: AccountId): Promise<Row<Account> | null>;
  /** In order of the alphabet. */
  listAccounts(): Promise<readonly Account[]>;
  findGroup(id: GroupId): Promise<Row<Group> | null>;
  findGroupByName(name: string): Promise<Row<Group> | null>;
  /** In order of the alphabet; all, or those an account is a member of. */
  listGroups(memberId?: AccountId): Promise<readonly Group[]>;
  findGrant(id: GrantId): Promise<Grant | null>;
  /** In order of their making: all, those of one subject, or those on one library. */
  listGrants(criteria?: {
    readonly subject?: GrantSubject;
    readonly libraryId?: LibraryId;
  }): Promise<readonly Grant[]>;
  /** The grants that count for a caller: of the account and of its groups, and of the token where one is given. Read in one state. */
  grantsFor(
    accountId: AccountId,
    tokenId: TokenId | null,
  ): Promise<{ readonly account: readonly Grant[]; readonly token: readonly Grant[] }>;
  findLogin(idHash: string): Promise<Login | null>;
  /** By the SHA-256 of its text. */
  findToken(hash: string): Promise<AccessToken | null>;
  findTokenById(id: TokenId): Promise<AccessToken | null>;
  /** In order of their making. */
  listTokens(accountId?: AccountId): Promise<readonly AccessToken[]>;
  /**
   * At most `limit` rows of the audit trail, newest first, all with ids below `before` where that is not null; fewer only at the
   * end. Others are not held up, however much has to be looked through: that is done in steps, and a row shows the state of its step.
   */
  listAudit(
    criteria: AuditCriteria,
    page: { readonly before: number | null; readonly limit: number },
  ): Promise<AuditPage>;
}
