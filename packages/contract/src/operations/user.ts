import { listOf, nothing, of, parameters, text } from "../models/schema.ts";
import { userCreateSpec, userInfo, userUpdateSpec } from "../models/user.ts";
import type { Operation } from "./operation.ts";

const service = "contentlib.users";
const byUser = parameters({ user: text("Id of the user, or the name.") });
const administrators = {
  privilege: "contentlib.ManageUsers",
  role: "administrator",
  on: { kind: "everything" },
} as const;
const oneself = {
  privilege: "contentlib.ManageUsers",
  role: "none",
  on: { kind: "self", parameter: "user" },
} as const;

/** Those who may log in. */
export const USER_OPERATIONS = {
  "user.create": {
    id: "user.create",
    service,
    method: "create",
    summary: "Makes a user, who may do nothing until something is granted, and answers the id.",
    effect: "once",
    right: administrators,
    input: parameters({ create_spec: of(userCreateSpec, "What the user is made of.") }),
    output: text("Id of the user."),
    faults: ["already_exists"],
    origin: "ours",
  },
  "user.list": {
    id: "user.list",
    service,
    method: "list",
    summary: "Lists the users.",
    effect: "safe",
    right: administrators,
    input: parameters({}),
    output: listOf(userInfo, "The users, in the order of their names."),
    faults: [],
    origin: "ours",
  },
  "user.get": {
    id: "user.get",
    service,
    method: "get",
    summary: "Shows a user.",
    effect: "safe",
    right: oneself,
    input: byUser,
    output: userInfo,
    faults: ["not_found"],
    origin: "ours",
  },
  "user.update": {
    id: "user.update",
    service,
    method: "update",
    summary:
      "Changes a user; one who is disabled loses every login, session and transfer before this answers. Users may change their own password and description.",
    effect: "idempotent",
    right: oneself,
    input: parameters({
      user: text("Id of the user, or the name."),
      update_spec: of(userUpdateSpec, "The changes."),
    }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found", "resource_busy"],
    origin: "ours",
  },
  "user.delete": {
    id: "user.delete",
    service,
    method: "delete",
    summary:
      "Deletes a user with all tokens and grants; logins, active sessions and transfers end before this answers.",
    effect: "idempotent",
    right: administrators,
    input: byUser,
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found", "resource_busy"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
