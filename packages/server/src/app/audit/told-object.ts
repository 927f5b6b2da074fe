import type { AuditRelation } from "@contentlib/contract/vocabulary";
import type { AuditObjectKind } from "../../domain/audit-entry.ts";
import type { Grant } from "../../domain/access/grant.ts";
import type {
  AccountId,
  CertificateId,
  DownloadSessionId,
  GrantId,
  GroupId,
  ItemId,
  LibraryId,
  SubscriptionId,
  TokenId,
  UpdateSessionId,
} from "../../domain/ids.ts";

/** That a user joined or left a group. */
export interface Membership {
  readonly groupId: GroupId;
  readonly relation: AuditRelation;
}

/** An object that a row of the trail is to name, with what is known of it without reading. */
export type ToldObject =
  | { readonly kind: "library"; readonly id: LibraryId }
  | { readonly kind: "item"; readonly id: ItemId }
  | { readonly kind: "update-session"; readonly id: UpdateSessionId; readonly itemId?: ItemId }
  | { readonly kind: "download-session"; readonly id: DownloadSessionId; readonly itemId?: ItemId }
  | { readonly kind: "file"; readonly id: string; readonly sessionId: UpdateSessionId }
  | {
      readonly kind: "subscription";
      readonly id: SubscriptionId;
      readonly libraryId?: LibraryId;
    }
  | { readonly kind: "trusted-certificate"; readonly id: CertificateId }
  | { readonly kind: "secret"; readonly id: string }
  | { readonly kind: "configuration"; readonly id: "configuration" }
  | { readonly kind: "user"; readonly id: AccountId; readonly member?: Membership }
  | { readonly kind: "group"; readonly id: GroupId }
  | { readonly kind: "token"; readonly id: TokenId }
  | { readonly kind: "grant"; readonly id: GrantId; readonly grant?: Grant };

/** Tells objects apart; a file's name is one only in its session. */
export const keyOf = (object: ToldObject): string =>
  object.kind === "file" ? `file ${object.sessionId} ${object.id}` : `${object.kind} ${object.id}`;

/** The settings of the service, of which there is one. */
export const CONFIGURATION: ToldObject = { kind: "configuration", id: "configuration" };

/** Kind of object that the operations of a noun are about. */
const KIND_OF_NOUN: ReadonlyMap<string, AuditObjectKind> = new Map([
  ["configuration", "configuration"],
  ["downloadSession", "download-session"],
  ["downloadSessionFile", "download-session"],
  ["grant", "grant"],
  ["group", "group"],
  ["item", "item"],
  ["itemFact", "item"],
  ["itemVersion", "item"],
  ["library", "library"],
  ["librarySetting", "library"],
  ["localLibrary", "library"],
  ["secret", "secret"],
  ["subscribedItem", "item"],
  ["subscribedLibrary", "library"],
  ["subscription", "subscription"],
  ["token", "token"],
  ["transfer", "file"],
  ["trustedCertificate", "trusted-certificate"],
  ["updateSession", "update-session"],
  ["updateSessionFile", "file"],
  ["user", "user"],
]);

/** Which kind of object an operation is about, by its id; undefined for what the server does by itself. */
export const kindOfOperation = (operation: string): AuditObjectKind | undefined =>
  KIND_OF_NOUN.get(operation.slice(0, operation.indexOf(".")));
