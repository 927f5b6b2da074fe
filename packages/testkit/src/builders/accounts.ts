import type { AccessToken, Account, Login } from "@contentlib/server/domain/account";
import { aDigest, anAccountId, BUILT_AT, nextNumber } from "./ids.ts";

/** An account of its own name. The password hash fits no password. */
export const anAccount = (over: Partial<Account> = {}): Account => ({
  id: anAccountId(),
  name: `user${String(nextNumber())}`,
  passwordHash: "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
  createdAt: BUILT_AT,
  ...over,
});

/** A login that was just made. */
export const aLogin = (over: Partial<Login> = {}): Login => ({
  idHash: aDigest(),
  accountId: anAccountId(),
  createdAt: BUILT_AT,
  lastAccessedAt: BUILT_AT,
  ...over,
});

/** An access token. */
export const anAccessToken = (over: Partial<AccessToken> = {}): AccessToken => ({
  hash: aDigest(),
  accountId: anAccountId(),
  label: "made by a test",
  createdAt: BUILT_AT,
  ...over,
});
