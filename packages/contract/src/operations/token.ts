import { listOf, nothing, of, optional, parameters, text } from "../models/schema.ts";
import { newToken, tokenCreateSpec, tokenInfo } from "../models/token.ts";
import type { Operation } from "./operation.ts";

const service = "contentlib.tokens";
const privilege = "contentlib.ManageTokens";

/** Secrets that stand for a user in every login, named, revocable, and cut down where that is wanted. */
export const TOKEN_OPERATIONS = {
  "token.create": {
    id: "token.create",
    service,
    method: "create",
    summary: "Makes a token, which logs in as its user wherever a password does; told only once.",
    effect: "once",
    right: {
      privilege,
      role: "none",
      on: { kind: "self", parameter: "create_spec.user", whenAbsent: "self" },
    },
    input: parameters({ create_spec: of(tokenCreateSpec, "What the token is made of.") }),
    output: newToken,
    faults: ["already_exists", "not_found"],
    origin: "ours",
  },
  "token.list": {
    id: "token.list",
    service,
    method: "list",
    summary: "Lists the tokens of a user, without their secrets.",
    effect: "safe",
    right: {
      privilege,
      role: "none",
      on: { kind: "self", parameter: "user", whenAbsent: "self" },
    },
    input: parameters({
      user: optional(text("Id or name of the user; the caller when absent.")),
    }),
    output: listOf(tokenInfo, "The tokens, oldest first."),
    faults: ["not_found"],
    origin: "ours",
  },
  "token.delete": {
    id: "token.delete",
    service,
    method: "delete",
    summary:
      "Revokes a token; the logins and active sessions made with it, and their transfers, end before this answers.",
    effect: "idempotent",
    right: { privilege, role: "none", on: { kind: "self", parameter: "token_id" } },
    input: parameters({ token_id: text("Id of the token.") }),
    output: nothing,
    faults: ["not_found", "resource_busy"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
