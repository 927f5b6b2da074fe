import type { AccountId, TokenId } from "../domain/ids.ts";

/** Who does something: a user, by a token or not, or the server by itself. */
export type Doer =
  | {
      readonly kind: "user";
      readonly accountId: AccountId;
      /** Full name, e.g. `administrator@vsphere.local`. */
      readonly userName: string;
      /** The token the login was made with; absent after a login by password. */
      readonly tokenId?: TokenId;
    }
  | { readonly kind: "server" };

/** Something that is being done, as the audit trail tells of it. */
export interface Deed {
  readonly doer: Doer;
  /** See `AuditEntry.operation`. */
  readonly operation: string;
  /** Where it comes from; absent where nobody calls. */
  readonly address?: string;
  readonly requestId?: string;
}

/**
 * Knows at every place what is being done there, without its being handed on from call to call: so that no place can forget it.
 * Works that go on at the same time never see each other's deed. An inner deed hides the outer one until its work is over.
 */
export interface DeedScope {
  /** Does the work within the deed: whatever it begins, and waits for, belongs to it. Answers what the work answers. */
  within<Result>(deed: Deed, work: () => Result): Result;
  /** The deed that the asking place belongs to; null outside of any. */
  current(): Deed | null;
}
