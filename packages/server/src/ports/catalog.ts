import type { Grant, GrantSubject } from "../domain/access/grant.ts";
import type { Group } from "../domain/access/group.ts";
import type { AccessToken, Account, Login } from "../domain/account.ts";
import type { AuditCriteria, AuditEntry, AuditPage } from "../domain/audit-entry.ts";
import type { Configuration } from "../domain/configuration.ts";
import type { SessionPast } from "../domain/dead-draft.ts";
import type { DownloadSession } from "../domain/download-session.ts";
import type {
  AccountId,
  CertificateId,
  DownloadSessionId,
  GrantId,
  GroupId,
  Instant,
  ItemId,
  LibraryId,
  Sha256,
  StagedId,
  SubscriptionId,
  TokenId,
  UpdateSessionId,
} from "../domain/ids.ts";
import type { Item, ItemFile } from "../domain/item.ts";
import type { KeptPartial, KeptPartialKey } from "../domain/kept-partial.ts";
import type { Library } from "../domain/library.ts";
import type { PartialUpload, UploadEntry } from "../domain/partial-upload.ts";
import type { Revision, RevisionHead } from "../domain/revision.ts";
import type { Subscription } from "../domain/subscription.ts";
import type { TrustedCertificate } from "../domain/trusted-certificate.ts";
import type { SessionFile, UpdateSession } from "../domain/update-session.ts";

/** Row version: grows with every write of the row. A change names the one it was decided on. */
export type Rev = number;

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

/** A value as read, with the row version to name when changing it. */
export interface Row<Value> {
  readonly value: Value;
  readonly rev: Rev;
}

/** An item, and what has come of its update sessions, read in one snapshot. */
export interface NamedItem extends Row<Item> {
  readonly past: SessionPast;
}

/** An update session with its whole file set, read in one snapshot. */
export interface SessionRow extends Row<UpdateSession> {
  /** Grows whenever any file of the session changes; `complete` names it so that no file slips in between. */
  readonly filesRev: Rev;
  /** Sorted in the order in which the names joined the set. */
  readonly files: readonly Row<SessionFile>[];
}

/**
 * One write and what it expects. A change whose expectation does not hold makes its whole change set fail with a `Clash`, and
 * nothing of the set is kept. `rev: null` means that the row must not exist.
 */
export type Change =
  | { readonly kind: "library.put"; readonly library: Library; readonly rev: Rev | null }
  /** Deletes the library with all its items, their revisions and blob references, and the subscriptions in which it publishes or subscribes. Clashes with `active-session` while an item of it has an ACTIVE update session: the same set ends those before. */
  | { readonly kind: "library.delete"; readonly id: LibraryId; readonly rev: Rev }
  /** Writes nothing: says that the set was decided on the library as it was read. */
  | { readonly kind: "library.expect"; readonly id: LibraryId; readonly rev: Rev }
  /** Clashes with `item-name` when the library has another item of that name (compared without case), `library-gone` when there is no such library. */
  | { readonly kind: "item.put"; readonly item: Item; readonly rev: Rev | null }
  /**
   * Deletes the item with its revisions and blob references. Clashes with `active-session` as `library.delete` does, and with `row`
   * when something else has come of its update sessions than `past` says, where that is given.
   */
  | {
      readonly kind: "item.delete";
      readonly id: ItemId;
      readonly rev: Rev;
      readonly past?: SessionPast;
    }
  /** Writes nothing: says that the set was decided on the item as it was read. */
  | { readonly kind: "item.expect"; readonly id: ItemId; readonly rev: Rev }
  /** Writes nothing. Clashes with `active-session` while the item has an ACTIVE update session. */
  | { readonly kind: "item.expect-idle"; readonly id: ItemId }
  /**
   * Keeps a content version with its files, whose blobs it holds from then on, and forgets those of the item that are not among
   * the last `kept` by number. A version that is there is replaced. Clashes with `item-gone` without the item, and `row` when the
   * item's content version is another one.
   */
  | { readonly kind: "revision.put"; readonly revision: Revision; readonly kept: number }
  /** Writes nothing. Clashes with `row` unless that content version of the item is kept. */
  | {
      readonly kind: "revision.expect";
      readonly itemId: ItemId;
      readonly contentVersion: number;
    }
  /** Writes session and initial file set. Clashes with `active-session` while the item has another ACTIVE one, `item-gone` without the item, and `row` when the item's content version is not `itemContentVersion`. */
  | {
      readonly kind: "session.create";
      readonly session: UpdateSession;
      readonly files: readonly SessionFile[];
    }
  /**
   * Writes the session, not its files. With `filesRev` the file set must be as it was read. A stored expiry never moves back,
   * and a put as EXPIRED clashes with `row` when the stored expiry is later than the session's own. A session that ended never
   * becomes ACTIVE again: `session-not-active`.
   */
  | {
      readonly kind: "session.put";
      readonly session: UpdateSession;
      readonly rev: Rev;
      readonly filesRev?: Rev;
    }
  /** Moves the expiry of an ACTIVE session forward; an earlier instant, or a session not ACTIVE, changes nothing and never clashes. Does not move `rev`. */
  | { readonly kind: "session.extend"; readonly id: UpdateSessionId; readonly expiresAt: Instant }
  | { readonly kind: "session.delete"; readonly id: UpdateSessionId; readonly rev: Rev }
  /** The session must be ACTIVE, else `session-not-active`. Moves the session's `filesRev`, not its `rev`. */
  | {
      readonly kind: "session-file.put";
      readonly sessionId: UpdateSessionId;
      readonly file: SessionFile;
      readonly rev: Rev | null;
    }
  /** As for `session-file.put`. A name that is added again never has a `rev` that it had before. */
  | {
      readonly kind: "session-file.delete";
      readonly sessionId: UpdateSessionId;
      readonly name: string;
      readonly rev: Rev;
    }
  /**
   * Writes what has come of a file so far, over what the entry had. Clashes with `fenced` when the entry has one of the same fence
   * or a greater one, with `session-not-active` when the session is not ACTIVE, and with `row` when it has no such entry that
   * waits for bytes. It goes with the entry and with the session; a file that waits no more keeps its fence alone.
   */
  | { readonly kind: "partial.put"; readonly partial: PartialUpload }
  /** More of the first bytes are safe. Never clashes: nothing is written without a partial of that fence, and never less than there is. A length is kept where the partial has none. */
  | {
      readonly kind: "partial.advance";
      readonly entry: UploadEntry;
      readonly fence: number;
      readonly durableBytes: number;
      readonly lengthBytes?: number;
    }
  /** Writes nothing. Clashes with `fenced` when the entry has a fence greater than this one. */
  | { readonly kind: "partial.expect"; readonly entry: UploadEntry; readonly fence: number }
  /**
   * Keeps what has come of the files of a session for its account, apart from the session: of those that wait, and of those that
   * are READY. Never clashes: what has no safe byte is left out, and all is where the account or the item is gone. One of the same
   * key is replaced. It goes with the account and with the library.
   */
  | { readonly kind: "partials.keep"; readonly sessionId: UpdateSessionId; readonly at: Instant }
  /** Forgets kept bytes, whose store is the caller's from then on. Clashes with `row` when there are none of that id. */
  | { readonly kind: "kept-partial.take"; readonly stagedId: StagedId }
  /** While ACTIVE a download session holds its files' blobs; in any other state it holds none. Expiry and end as for `session.put`. */
  | { readonly kind: "download.put"; readonly session: DownloadSession; readonly rev: Rev | null }
  | {
      readonly kind: "download.extend";
      readonly id: DownloadSessionId;
      readonly expiresAt: Instant;
    }
  | { readonly kind: "download.delete"; readonly id: DownloadSessionId; readonly rev: Rev }
  /** Every digest must be pinned by that holder, else `pin-lapsed`; the pins are taken away. A session's pins lapse when it ends, after the set that ends it. */
  | {
      readonly kind: "pins.spend";
      readonly holder: UpdateSessionId;
      readonly digests: readonly Sha256[];
    }
  /** Remembers the first result of an idempotent create, the id of what it made, or of an item with `@` and a number behind it; a second for the same key clashes with `client-token`. */
  | {
      readonly kind: "client-token.put";
      readonly key: ClientTokenKey;
      readonly resultId: string;
      readonly at: Instant;
    }
  /** Clashes with `library-gone` when the published or the subscribed library is not there; the subscription goes with either. */
  | {
      readonly kind: "subscription.put";
      readonly subscription: Subscription;
      readonly rev: Rev | null;
    }
  | { readonly kind: "subscription.delete"; readonly id: SubscriptionId; readonly rev: Rev }
  /** Adding a certificate that is there changes nothing and never clashes. */
  | { readonly kind: "certificate.put"; readonly certificate: TrustedCertificate }
  /** Clashes with `row` when there is no such certificate. */
  | { readonly kind: "certificate.delete"; readonly id: CertificateId }
  /** `rev` is 0 as long as nothing was ever stored. */
  | { readonly kind: "configuration.put"; readonly configuration: Configuration; readonly rev: Rev }
  /** Clashes with `row` when another account has the name, too. */
  | { readonly kind: "account.put"; readonly account: Account; readonly rev: Rev | null }
  /** Deletes the account with its logins, tokens, memberships and the grants of it and of its tokens; its sessions stay. */
  | { readonly kind: "account.delete"; readonly id: AccountId; readonly rev: Rev }
  /** Clashes with `row` unless the account is there and not disabled and the login's token, where it has one, is there. */
  | { readonly kind: "login.put"; readonly login: Login }
  | { readonly kind: "login.touch"; readonly idHash: string; readonly lastAccessedAt: Instant }
  | { readonly kind: "login.delete"; readonly idHash: string }
  /** Deletes all logins of an account, or those made with one token. */
  | {
      readonly kind: "logins.delete";
      readonly of: { readonly accountId: AccountId } | { readonly tokenId: TokenId };
    }
  /** Clashes with `row` when its account is not there, or has another token of that label. */
  | { readonly kind: "token.put"; readonly token: AccessToken }
  /** Deletes the token with its grants and logins; one that is not there clashes with `row`. */
  | { readonly kind: "token.delete"; readonly id: TokenId }
  /** Clashes with `row` when another group has the name, or a member is no account. */
  | { readonly kind: "group.put"; readonly group: Group; readonly rev: Rev | null }
  /** Deletes the group with its grants. */
  | { readonly kind: "group.delete"; readonly id: GroupId; readonly rev: Rev }
  /** Clashes with `row` when its subject or its library is not there, or the subject has this very role there already. Goes with either. */
  | { readonly kind: "grant.put"; readonly grant: Grant }
  /** Clashes with `row` when there is no such grant. */
  | { readonly kind: "grant.delete"; readonly id: GrantId }
  /**
   * Adds a row to the audit trail, whose id is greater than that of every row there ever was; with `fold` it is counted in the
   * newest row of that key whose first one is at or after `since`, if there is one, and a row's last instant never moves back.
   * `count` is how many alike it stands for, the last of them at `lastAt`. Never clashes.
   */
  | {
      readonly kind: "audit.put";
      readonly entry: AuditEntry;
      readonly count: number;
      readonly lastAt: Instant;
      readonly fold: { readonly key: string; readonly since: Instant } | null;
    }
  /** Nothing is written. Clashes with `last-administrator` unless, after the earlier changes of the set, an account that is not disabled has, itself or by a group, the role administrator on everything. */
  | { readonly kind: "administrator.expect" };

/** Writes that stand or fall together. */
export type ChangeSet = readonly Change[];

/** Scope of a `client_token`: per user and operation (contract U7). */
export interface ClientTokenKey {
  readonly accountId: AccountId;
  readonly operation: string;
  readonly token: string;
}

/** Why a change set was not applied. */
export type ClashReason =
  | "row"
  | "item-name"
  | "library-gone"
  | "item-gone"
  | "active-session"
  | "session-not-active"
  | "pin-lapsed"
  | "fenced"
  | "client-token"
  | "last-administrator";

export type CommitOutcome =
  | { readonly kind: "committed" }
  | { readonly kind: "clash"; readonly reason: ClashReason };

/** Outcome of pinning: `doomed` digests are being deleted right now; ask again shortly. */
export type PinOutcome =
  | { readonly kind: "pinned" }
  | { readonly kind: "doomed"; readonly digests: readonly Sha256[] };

/**
 * A list that may be long, in pieces: pages of one consistent state, each handed over when it is asked for; the state is read when
 * the first one is. No page is empty, so a list of nothing has no page. Whoever does not read to the end returns the iterator,
 * which frees what it holds; a list that nobody asks for longer than `LIST_IDLE_MAX_MS` is given up, and asking for more then
 * fails with a `PortError` of kind `cancelled`. What lists of more than one page hold together is bounded: the next one waits for
 * room, and its first page fails as `unavailable`, safe to be asked for again, when there is none for long. Can be read once.
 */
export type Pages<Value> = AsyncIterable<readonly Value[]>;

/** How long a list waits for its next page to be asked for, in milliseconds. */
export const LIST_IDLE_MAX_MS = 120_000;

/** Most values of one page. */
export const PAGE_LENGTH_MAX = 1_000;

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

/** How much there is in a catalog. */
export interface CatalogCounts {
  readonly libraries: number;
  readonly items: number;
  /** When the oldest update session was created that is ACTIVE; null where there is none. */
  readonly oldestActiveUpdateAt: Instant | null;
  /** Every session that is kept, ended ones too; a kind and state of which there is none is counted as 0. */
  readonly sessions: readonly {
    readonly kind: "update" | "download";
    readonly state: UpdateSession["state"] | DownloadSession["state"];
    readonly count: number;
  }[];
}

/** What the background loops, start-up and `fsck` need. */
export interface CatalogHousekeeping {
  /** How much there is, counted in indexes: no row is read but that of the oldest session. */
  counts(): Promise<CatalogCounts>;
  /** ACTIVE sessions, update and download, whose stored expiry is at or before `at`. */
  listLapsed(at: Instant): Promise<{
    readonly updates: readonly Row<UpdateSession>[];
    readonly downloads: readonly Row<DownloadSession>[];
  }>;
  /** All ACTIVE sessions, for the restart. */
  listActive(): Promise<{
    readonly updates: readonly Row<UpdateSession>[];
    readonly downloads: readonly Row<DownloadSession>[];
  }>;
  /** Removes ended sessions whose end is at or before `endedBefore`, revisions that are not among the last of their item that its library says are kept (`revisionsKept` where it says none), logins out of either limit, client tokens that are both older than `tokensBefore` and whose object is gone, rows of the audit trail whose last one is before `auditBefore`, and pins whose session is not ACTIVE. Takes so many rows at a time that other writers get their turn in between. Returns how many rows went, pins not counted. */
  purge(limits: {
    readonly endedBefore: Instant;
    readonly loginsIdleSince: Instant;
    readonly loginsCreatedBefore: Instant;
    readonly tokensBefore: Instant;
    readonly revisionsKept: number;
    readonly auditBefore: Instant;
  }): Promise<number>;
  /** Staged ids of READY files, and of partials, of ACTIVE sessions, and of what is kept of others: what the sweeper must keep. */
  listLiveStagedIds(): Promise<readonly StagedId[]>;
  /** What was kept at or before `at`, of whatever account, the oldest first. */
  listKeptBefore(at: Instant): Promise<readonly KeptPartial[]>;
  /** Digests that no item, no revision, no ACTIVE download session, no READY file of an ACTIVE session references, and no pin holds, since `unreferencedBefore`; at most `limit`. */
  listUnreferenced(unreferencedBefore: Instant, limit: number): Promise<readonly Sha256[]>;
  /** Tells the catalog of a blob that the store holds; unknown ones count as unreferenced since `at`. */
  noteStored(digests: readonly Sha256[], at: Instant): Promise<void>;
  /** Dooms a digest if it is still unreferenced and unpinned; from then on pinning it answers `doomed`. False when it is not. */
  doom(digest: Sha256): Promise<boolean>;
  /** The doomed blob's bytes are gone: forget digest and doom. */
  settle(digest: Sha256): Promise<void>;
  /** Dooms left by a crash; their deletion must be finished. */
  listDoomed(): Promise<readonly Sha256[]>;
  /** Every digest that an item, a revision or an ACTIVE download session references, once, with its size and one holder to name, for `fsck`. What READY files reference is not content yet: it is still staged (`listLiveStagedIds`), or was an item's when the file was added. */
  listReferences(): AsyncIterable<{
    readonly digest: Sha256;
    readonly sizeBytes: number;
    readonly holder: string;
  }>;
  /** Records that the server was alive at `at`. */
  noteAlive(at: Instant): Promise<void>;
  /** The last recorded instant, null at the very first start. */
  lastAliveAt(): Promise<Instant | null>;
  /** The identity of this server instance, a UUID made at the first start. */
  serverGuid(): Promise<string>;
}
