import type { Grant } from "../domain/access/grant.ts";
import type { Group } from "../domain/access/group.ts";
import type { AccessToken, Account, Login } from "../domain/account.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
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
import type { Item } from "../domain/item.ts";
import type { Library } from "../domain/library.ts";
import type { SessionPackage } from "../domain/package.ts";
import type { PartialUpload, UploadEntry } from "../domain/partial-upload.ts";
import type { Revision } from "../domain/revision.ts";
import type { Secret } from "../domain/secret.ts";
import type { Subscription } from "../domain/subscription.ts";
import type { TrustedCertificate } from "../domain/trusted-certificate.ts";
import type { SessionFile, UpdateSession } from "../domain/update-session.ts";
import type { Rev } from "./row.ts";

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
  /** Writes nothing: says that the set was decided on the session as it was read, whatever its expiry and its files are by now. */
  | { readonly kind: "session.expect"; readonly id: UpdateSessionId; readonly rev: Rev }
  /** Moves the expiry of an ACTIVE session forward; an earlier instant, or a session not ACTIVE, changes nothing and never clashes. Does not move `rev`. */
  | { readonly kind: "session.extend"; readonly id: UpdateSessionId; readonly expiresAt: Instant }
  /** Writes what is known of the package that the files of an ACTIVE session are; clashes with `session-not-active`, and with `row` when the file set is not as it was read. It is written so, and with `session.create`, and by nothing else; does not move `rev`. Lists of sessions leave it out. */
  | {
      readonly kind: "session.package";
      readonly id: UpdateSessionId;
      readonly filesRev: Rev;
      readonly package: SessionPackage;
    }
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
  /** Keeps a secret in place of the one of its name, if there is one. Never clashes. */
  | { readonly kind: "secret.put"; readonly secret: Secret }
  /** Clashes with `row` when there is no secret of that name. */
  | { readonly kind: "secret.delete"; readonly name: string }
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
