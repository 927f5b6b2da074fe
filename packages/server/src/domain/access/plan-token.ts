import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { AccessToken } from "../account.ts";
import type { AccountId, Instant, LibraryId, TokenId } from "../ids.ts";
import { parseInstant } from "../instant.ts";
import { checkName } from "../names.ts";
import type { Role } from "@contentlib/contract/vocabulary";

/** Most grants that one token is made with. */
export const TOKEN_GRANTS_MAX = 100;

/** Most tokens of one account, those that have expired included: all of them are listed at once. */
export const TOKENS_OF_ACCOUNT_MAX = 1_000;

/** A role on everything, or on the library that is named; the library is known to be there. */
export interface TokenGrantWish {
  readonly role: Role;
  readonly libraryId?: LibraryId;
}

/** What a new token is asked to be. */
export interface TokenWish {
  readonly label: string;
  /** RFC 3339; absent when the token is not to expire. */
  readonly expiresTime?: string;
  readonly grants: readonly TokenGrantWish[];
}

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("access.invalid_property", member, reason);

/** A token that ends must not go on in another one. */
const checkEnd = (end: Instant | null, makerEnd: Instant | null): FaultValue | null =>
  makerEnd === null || (end !== null && end <= makerEnd)
    ? null
    : invalid(
        "expires_time",
        `the token that makes it expires at ${new Date(makerEnd).toISOString()}, and nothing that it makes may live longer`,
      );

const chosenExpiry = (text: string, now: Instant): Instant | FaultValue => {
  const at = parseInstant(text);
  if (at === null) return invalid("expires_time", "it is no time like 2027-01-31T12:00:00.000Z");
  return at > now ? at : invalid("expires_time", "it is not in the future");
};

const checkGrants = (grants: readonly TokenGrantWish[]): FaultValue | null => {
  if (grants.length > TOKEN_GRANTS_MAX)
    return invalid("grants", `there are more than ${TOKEN_GRANTS_MAX}`);
  const places = new Set(grants.map(({ libraryId }) => libraryId));
  return places.size === grants.length
    ? null
    : invalid("grants", "the same library, or everything, is named twice");
};

/** The token that a create makes, or why there is none; `hash` is the SHA-256 of its text. */
export const planTokenCreate = (input: {
  readonly id: TokenId;
  readonly accountId: AccountId;
  readonly hash: string;
  readonly wish: TokenWish;
  readonly now: Instant;
  /** When the token expires that the caller came by; null when nothing does. */
  readonly makerEnd: Instant | null;
}): AccessToken | FaultValue => {
  const { id, accountId, hash, wish, now, makerEnd } = input;
  const reason = checkName(wish.label);
  if (reason !== null) return invalid("name", reason);
  const expiresAt = wish.expiresTime === undefined ? null : chosenExpiry(wish.expiresTime, now);
  if (isFault(expiresAt)) return expiresAt;
  const fault = checkEnd(expiresAt, makerEnd) ?? checkGrants(wish.grants);
  if (fault !== null) return fault;
  return {
    id,
    accountId,
    hash,
    label: wish.label,
    createdAt: now,
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(wish.grants.length === 0 ? {} : { isCutDown: true }),
  };
};
