import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of accounts, groups, tokens and grants, and of what they let do. */
export const ACCESS_FAULTS = {
  "access.missing_right": {
    class: "unauthorized",
    id: "contentlib.access.missing_right",
    text: "{0} on {1} is needed, which comes with the role {2}. It can be granted by {3}.",
    retry: "never",
  },
  "access.not_owner": {
    class: "unauthorized",
    id: "contentlib.access.not_owner",
    text: "The session belongs to {0}, and nobody else can do this with it.",
    retry: "never",
  },
  "access.narrowed_token": {
    class: "unauthorized",
    id: "contentlib.access.narrowed_token",
    text: "This login was made with the token {0}, which is cut down to less than its user may: {1} needs a login by password, or by a token that is not cut down.",
    retry: "never",
  },
  "access.password_login_needed": {
    class: "unauthorized",
    id: "contentlib.access.password_login_needed",
    text: "This login was made with the token {0}: {1} needs a login by password, or an administrator.",
    retry: "never",
  },
  "access.last_administrator": {
    class: "not_allowed_in_current_state",
    id: "contentlib.access.last_administrator",
    text: "This would leave nobody who is administrator of everything. Grant that role to another user first.",
    retry: "never",
  },
  "access.invalid_property": {
    class: "invalid_argument",
    id: "contentlib.access.invalid_property",
    text: "The {0} is not valid: {1}.",
    retry: "never",
  },
  "account.not_found": {
    class: "not_found",
    id: "contentlib.account.not_found",
    text: "There is no user {0}.",
    retry: "never",
  },
  "account.built_in": {
    class: "not_allowed_in_current_state",
    id: "contentlib.account.built_in",
    text: "The user {0} came with the server and would be made again at its next start. Disable it instead.",
    retry: "never",
  },
  "account.name_taken": {
    class: "already_exists",
    id: "contentlib.account.name_taken",
    text: "There is a user {0} already.",
    retry: "never",
  },
  "group.not_found": {
    class: "not_found",
    id: "contentlib.group.not_found",
    text: "There is no group {0}.",
    retry: "never",
  },
  "group.name_taken": {
    class: "already_exists",
    id: "contentlib.group.name_taken",
    text: "There is a group {0} already.",
    retry: "never",
  },
  "token.not_found": {
    class: "not_found",
    id: "contentlib.token.not_found",
    text: "There is no token {0}.",
    retry: "never",
  },
  "token.name_taken": {
    class: "already_exists",
    id: "contentlib.token.name_taken",
    text: "User {1} has a token {0} already. Revoke it first, or choose another name.",
    retry: "never",
  },
  "token.too_many": {
    class: "not_allowed_in_current_state",
    id: "contentlib.token.too_many",
    text: "User {0} has {1} tokens, and can have no more. Revoke one first.",
    retry: "never",
  },
  "grant.not_found": {
    class: "not_found",
    id: "contentlib.grant.not_found",
    text: "There is no grant {0}.",
    retry: "never",
  },
  "grant.already_exists": {
    class: "already_exists",
    id: "contentlib.grant.already_exists",
    text: "{0} has the role {1} on {2} already.",
    retry: "never",
  },
  "grant.one_subject": {
    class: "invalid_argument",
    id: "contentlib.grant.one_subject",
    text: "A grant is for exactly one of user, group and token_id.",
    retry: "never",
  },
  "grant.last_of_token": {
    class: "not_allowed_in_current_state",
    id: "contentlib.grant.last_of_token",
    text: "Grant {0} is the last that token {1} is cut down to; without it the token could do nothing. Revoke the token instead.",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;
