import type { Grant } from "@contentlib/server/domain/access/grant";
import type { Group } from "@contentlib/server/domain/access/group";
import type { AccessToken, Account, Login } from "@contentlib/server/domain/account";
import { aDigest, aGrantId, aGroupId, anAccountId, aTokenId, BUILT_AT, nextNumber } from "./ids.ts";

/** An account of its own name. The password hash fits no password. */
export const anAccount = (over: Partial<Account> = {}): Account => ({
  id: anAccountId(),
  name: `user${String(nextNumber())}`,
  passwordHash: "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
  description: "",
  isDisabled: false,
  createdAt: BUILT_AT,
  ...over,
});

/** A login that was just made, by password. Say `accountId`, or it is of an account that is nowhere. */
export const aLogin = (over: Partial<Login> = {}): Login => ({
  idHash: aDigest(),
  accountId: anAccountId(),
  createdAt: BUILT_AT,
  lastAccessedAt: BUILT_AT,
  ...over,
});

/** An access token of its own label that never expires. Say `accountId`, or it is of an account that is nowhere. */
export const anAccessToken = (over: Partial<AccessToken> = {}): AccessToken => ({
  id: aTokenId(),
  hash: aDigest(),
  accountId: anAccountId(),
  label: `token ${String(nextNumber())}`,
  createdAt: BUILT_AT,
  ...over,
});

/** A group of its own name, without members. */
export const aGroup = (over: Partial<Group> = {}): Group => ({
  id: aGroupId(),
  name: `group${String(nextNumber())}`,
  description: "",
  memberIds: [],
  createdAt: BUILT_AT,
  ...over,
});

/** The role viewer on everything. Say `subject`, or it is for an account that is nowhere. */
export const aGrant = (over: Partial<Grant> = {}): Grant => ({
  id: aGrantId(),
  subject: { kind: "account", id: anAccountId() },
  role: "viewer",
  createdAt: BUILT_AT,
  ...over,
});
