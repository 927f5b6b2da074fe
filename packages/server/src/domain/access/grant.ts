import type { Role } from "@contentlib/contract/vocabulary";
import type { AccountId, GrantId, GroupId, Instant, LibraryId, TokenId } from "../ids.ts";

/** Who a grant is for. */
export type GrantSubject =
  | { readonly kind: "account"; readonly id: AccountId }
  | { readonly kind: "group"; readonly id: GroupId }
  /** Cuts the token down: it can do what its account may and its own grants say. One that never had any can do all its account may. */
  | { readonly kind: "token"; readonly id: TokenId };

/** A role on everything there is, or on one library with its items. */
export interface Grant {
  readonly id: GrantId;
  readonly subject: GrantSubject;
  readonly role: Role;
  /** Absent: on everything. */
  readonly libraryId?: LibraryId;
  readonly createdAt: Instant;
}
