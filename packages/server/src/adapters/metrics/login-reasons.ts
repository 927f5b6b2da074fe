import { OTHER } from "./closed-set.ts";

/** The label for what the journal says of why nobody was let in. */
const REASONS: Readonly<Record<string, string>> = {
  "unknown account": "unknown_account",
  "wrong password": "wrong_password",
  "disabled account": "disabled_account",
  "unknown or expired token": "unknown_token",
  "disabled or revoked meanwhile": "revoked",
  "too many failed attempts": "too_many_attempts",
  "too many passwords to check": "busy",
};

/** Every label there can be. */
export const LOGIN_REASONS: readonly string[] = [...Object.values(REASONS), OTHER];

export const loginReasonOf = (why: string): string =>
  Object.hasOwn(REASONS, why) ? (REASONS[why] ?? OTHER) : OTHER;
