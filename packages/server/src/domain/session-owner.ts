import type { AccountId, TokenId } from "./ids.ts";

/** Who makes a session. */
export interface SessionOwner {
  readonly id: AccountId;
  /** The account's name, without a domain. */
  readonly name: string;
  /** The token he came with; absent after a login by password. */
  readonly tokenId?: TokenId;
}

/** Of a session: whose it is. */
export const ownerFacts = ({
  id,
  name,
  tokenId,
}: SessionOwner): {
  readonly ownerId: AccountId;
  readonly ownerName: string;
  readonly tokenId?: TokenId;
} => ({ ownerId: id, ownerName: name, ...(tokenId === undefined ? {} : { tokenId }) });
