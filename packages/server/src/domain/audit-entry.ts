import type { AuditChange, AuditEventKind, AuditRelation } from "@contentlib/contract/vocabulary";
import type { AccountId, Instant, TokenId } from "./ids.ts";

/** Kinds of what the audit trail tells: what was changed, who came in, who was not let in, and who was refused. */
export type AuditEvent = AuditEventKind;

/** Kinds of objects that the trail names. */
export type AuditObjectKind =
  | "library"
  | "item"
  | "update-session"
  | "download-session"
  | "file"
  | "subscription"
  | "trusted-certificate"
  | "secret"
  | "configuration"
  | "user"
  | "group"
  | "token"
  | "grant";

/** Something that a deed was done to, as it was called then. */
export interface AuditObject {
  readonly kind: AuditObjectKind;
  readonly id: string;
  readonly name?: string;
  /** Of a user among the objects of a group's change. */
  readonly relation?: AuditRelation;
}

/** Who did it, as he was called then. The server does some things by itself, and a name that was refused may be nobody's. */
export type AuditActor =
  | {
      readonly kind: "user";
      readonly accountId: AccountId;
      readonly userName: string;
      readonly token?: { readonly id: TokenId; readonly label: string };
    }
  | { readonly kind: "unknown"; readonly userName: string }
  | { readonly kind: "server" };

/**
 * One line of the audit trail: who did what to what, from where. It never carries a password, a token, the id of a login or an
 * address for bytes.
 */
export interface AuditEntry {
  readonly event: AuditEvent;
  /**
   * Id of the operation of the contract, `transfer.upload` for bytes, `several` where many calls are counted, or what the server does
   * by itself, such as `server.expire`.
   */
  readonly operation: string;
  readonly actor: AuditActor;
  /** Absent where nobody called. */
  readonly address?: string;
  readonly requestId?: string;
  /** The one that was changed comes first, then those it lies in. */
  readonly objects: readonly AuditObject[];
  /** What of them was changed, in words and never in values; absent where the operation says it all. */
  readonly changed?: readonly AuditChange[];
  /** Why somebody was refused. */
  readonly reason?: string;
  readonly at: Instant;
}

/** An entry as it is kept: one that many alike were folded into counts them. */
export interface AuditRow extends AuditEntry {
  /** Grows with each row; the later of two rows has the greater one, and no other row ever has it, even when this one is gone. */
  readonly id: number;
  readonly count: number;
  /** Of the last one that was counted; `at` is of the first. */
  readonly lastAt: Instant;
}

/** What is wanted of the trail: all criteria given must hold. */
export interface AuditCriteria {
  readonly event?: AuditEvent;
  readonly operation?: string;
  /** Full name of the actor, compared without case. */
  readonly userName?: string;
  readonly tokenId?: string;
  readonly address?: string;
  readonly requestId?: string;
  /** Id of one of the objects. */
  readonly objectId?: string;
  /** Rows whose last one is at or after it. */
  readonly since?: Instant;
  /** Rows whose first one is before it. */
  readonly until?: Instant;
}

/** A part of the trail, newest first. */
export interface AuditPage {
  readonly rows: readonly AuditRow[];
  /** What to ask for next, as `before`; null when nothing older meets the criteria. */
  readonly next: number | null;
}
