import { CREDENTIAL_CHARACTERS_MAX, type Reason } from "../names.ts";

/** Shortest password of an account, in Unicode code points. */
export const PASSWORD_CHARACTERS_MIN = 12;

/**
 * Why a text can not become the password of an account, as the end of a sentence; null where it can. The sentence tells nothing
 * of the text, not even its length.
 */
export const checkNewPassword = (password: string, accountName: string): Reason => {
  if (!password.isWellFormed() || password.includes("\0"))
    return "it holds what is no character of Unicode";
  const characters = [...password].length;
  if (characters < PASSWORD_CHARACTERS_MIN)
    return `it has fewer than ${PASSWORD_CHARACTERS_MIN} characters`;
  if (characters > CREDENTIAL_CHARACTERS_MAX)
    return `it has more than ${CREDENTIAL_CHARACTERS_MAX} characters`;
  return password.toLowerCase() === accountName ? "it is the name of the account" : null;
};
