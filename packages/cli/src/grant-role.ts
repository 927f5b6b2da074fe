import type { GrantInfo } from "@contentlib/client";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

const ROLES: readonly GrantInfo["role"][] = ["VIEWER", "EDITOR", "ADMINISTRATOR"];

/** The role that a word names, in any case. Throws Failure for any other word. */
export function grantRole(word: string): GrantInfo["role"] {
  const role = ROLES.find((one) => one === word.toUpperCase());
  if (role !== undefined) return role;
  throw new Failure(
    EXIT_CODES.usage,
    `There is no role ${word}.`,
    "The roles are viewer, editor and administrator",
  );
}
