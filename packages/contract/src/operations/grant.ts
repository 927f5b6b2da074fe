import { grantCreateSpec, grantInfo } from "../models/grant.ts";
import { listOf, nothing, of, optional, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "contentlib.grants";

/** Who has which role on what. */
export const GRANT_OPERATIONS = {
  "grant.create": {
    id: "grant.create",
    service,
    method: "create",
    summary:
      "Gives a role on everything or on one library to a user or a group, or cuts a token down to it, and answers the id.",
    effect: "once",
    right: {
      privilege: "contentlib.ManageGrants",
      role: "administrator",
      on: { kind: "library", parameter: "create_spec.library_id", whenAbsent: "everything" },
    },
    input: parameters({ create_spec: of(grantCreateSpec, "What is granted.") }),
    output: text("Id of the grant."),
    faults: ["already_exists", "not_found", "resource_busy"],
    origin: "ours",
  },
  "grant.list": {
    id: "grant.list",
    service,
    method: "list",
    summary:
      "Lists the grants that fit everything given: the caller's own, and those on what the caller is administrator of.",
    effect: "safe",
    right: { privilege: "contentlib.ReadGrants", role: "none", on: { kind: "anything" } },
    input: parameters({
      user: optional(text("Id or name of the user they are for.")),
      group: optional(text("Id or name of the group they are for.")),
      token_id: optional(text("Id of the token that they cut down.")),
      library_id: optional(text("Id of the library they are on.")),
    }),
    output: listOf(grantInfo, "The grants, oldest first."),
    faults: ["not_found"],
    origin: "ours",
  },
  "grant.delete": {
    id: "grant.delete",
    service,
    method: "delete",
    summary:
      "Takes a grant away; active sessions that need it, and their transfers, end before this answers.",
    effect: "idempotent",
    right: {
      privilege: "contentlib.ManageGrants",
      role: "administrator",
      on: { kind: "grant", parameter: "grant_id" },
    },
    input: parameters({ grant_id: text("Id of the grant.") }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found", "resource_busy"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
