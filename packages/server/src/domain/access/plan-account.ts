import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { checkAccountName, parseAccountName, USER_DOMAIN } from "../account-name.ts";
import type { Account } from "../account.ts";
import type { AccountId, Instant } from "../ids.ts";
import { checkDescription } from "../names.ts";
import { checkNewPassword } from "./new-password.ts";

/** What a new account is asked to be. */
export interface AccountWish {
  readonly name: string;
  readonly description?: string;
  /** Absent: the account logs in by its tokens only. */
  readonly password?: string;
}

/** What an update of an account says; absent members are left as they are. */
export interface AccountPatch {
  readonly description?: string;
  readonly password?: string;
  readonly isDisabled?: boolean;
}

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("access.invalid_property", member, reason);

const checkParts = (
  name: string,
  { description, password }: Pick<AccountPatch, "description" | "password">,
): FaultValue | null => {
  const descriptionReason = description === undefined ? null : checkDescription(description);
  if (descriptionReason !== null) return invalid("description", descriptionReason);
  const passwordReason = password === undefined ? null : checkNewPassword(password, name);
  return passwordReason === null ? null : invalid("password", passwordReason);
};

/** The name a new account gets, without its domain and in lower case, or why the wish is not acceptable. */
export const chooseAccountName = (wish: AccountWish): string | FaultValue => {
  const name = parseAccountName(wish.name, USER_DOMAIN);
  if (name === null)
    return invalid("name", wish.name === "" ? "it is empty" : `its domain is not ${USER_DOMAIN}`);
  const reason = checkAccountName(name);
  if (reason !== null) return invalid("name", reason);
  return checkParts(name, wish) ?? name;
};

/** The account that a sound wish makes; `name` is the one that was chosen. */
export const newAccount = (input: {
  readonly id: AccountId;
  readonly name: string;
  readonly wish: AccountWish;
  readonly passwordHash?: string;
  readonly now: Instant;
}): Account => ({
  id: input.id,
  name: input.name,
  description: input.wish.description ?? "",
  isDisabled: false,
  createdAt: input.now,
  ...(input.passwordHash === undefined ? {} : { passwordHash: input.passwordHash }),
});

/** Why an update of this account is not acceptable; null where it is. */
export const checkAccountPatch = (account: Account, patch: AccountPatch): FaultValue | null =>
  checkParts(account.name, patch);

/** The account after an update that was found acceptable; one that changes nothing gives the very same value back. */
export const patchedAccount = (
  account: Account,
  patch: AccountPatch,
  passwordHash?: string,
): Account => {
  const description = patch.description ?? account.description;
  const isDisabled = patch.isDisabled ?? account.isDisabled;
  const isSame =
    description === account.description &&
    isDisabled === account.isDisabled &&
    passwordHash === undefined;
  if (isSame) return account;
  return {
    ...account,
    description,
    isDisabled,
    ...(passwordHash === undefined ? {} : { passwordHash }),
  };
};
