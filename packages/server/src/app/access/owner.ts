import type { AccountId, TokenId } from "../../domain/ids.ts";
import type { SessionOwner } from "../../domain/session-owner.ts";
import type { Caller } from "../call.ts";

/** Whose a session is that the caller makes. */
export const ownerOf = ({
  accountId,
  accountName,
  tokenId,
}: Pick<Caller, "accountId" | "accountName" | "tokenId">): SessionOwner => ({
  id: accountId,
  name: accountName,
  ...(tokenId === undefined ? {} : { tokenId }),
});

/** Of a session: who made it, and by which token; none where he came by password. */
export interface Ownership {
  readonly ownerId: AccountId;
  readonly tokenId?: TokenId;
}

/**
 * Whether the caller may act as the creator of a session. By password all sessions of the account are his; by a token only those
 * made with that very token, so that whoever holds it can neither do more with them than it lets him, nor keep what it began
 * there once it is revoked.
 */
export const isOwnSession = (
  { accountId, tokenId }: Pick<Caller, "accountId" | "tokenId">,
  session: Ownership,
): boolean =>
  session.ownerId === accountId && (tokenId === undefined || session.tokenId === tokenId);
