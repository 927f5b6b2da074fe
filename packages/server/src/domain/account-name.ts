import { parseAccountId } from "./ids.ts";
import type { Reason } from "./names.ts";

/** The domain part of full user names, as vCenter's default identity source has it. */
export const USER_DOMAIN = "vsphere.local";

/** Longest name of an account or a group, in characters. */
export const ACCOUNT_NAME_CHARACTERS_MAX = 64;

const ACCOUNT_NAME = /^[a-z0-9][a-z0-9._-]*$/;

/**
 * The account a user name stands for: `Administrator`, `administrator@vsphere.local` and `VSPHERE.LOCAL\administrator` are
 * one. Null when the name belongs to another domain or is empty.
 */
export const parseAccountName = (userName: string, domain: string): string | null => {
  const lower = userName.trim().toLowerCase();
  const at = lower.lastIndexOf("@");
  const backslash = lower.indexOf("\\");
  if (at >= 0) return nameInDomain(lower.slice(0, at), lower.slice(at + 1), domain);
  if (backslash >= 0)
    return nameInDomain(lower.slice(backslash + 1), lower.slice(0, backslash), domain);
  return nameInDomain(lower, domain, domain);
};

const nameInDomain = (name: string, given: string, domain: string): string | null =>
  name !== "" && given === domain ? name : null;

/**
 * The rule for names of new accounts and groups, already in lower case: they go into addresses, headers, logs and shells as
 * they are, and no two look alike. Objects are found by name or by id, so that a name must not look like an id either.
 */
export const checkAccountName = (name: string): Reason => {
  if (name === "") return "it is empty";
  if (name.length > ACCOUNT_NAME_CHARACTERS_MAX)
    return `it is longer than ${ACCOUNT_NAME_CHARACTERS_MAX} characters`;
  if (parseAccountId(name) !== null) return "it has the form of an id";
  return ACCOUNT_NAME.test(name)
    ? null
    : "it is made of the letters a to z, digits, dots, hyphens and underscores, and begins with a letter or a digit";
};

/** The full name of an account, as the API shows it: `administrator@vsphere.local`. */
export const fullUserName = (accountName: string): string => `${accountName}@${USER_DOMAIN}`;

/** The account that every server makes at a start that does not find it. */
export const BUILT_IN_ACCOUNT = "administrator";
