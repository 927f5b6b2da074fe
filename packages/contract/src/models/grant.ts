import { GRANT_ROLES } from "../vocabulary/enumerations.ts";
import { instant, oneOf, optional, structure, text } from "./schema.ts";

const role = oneOf(GRANT_ROLES, "What may be done; each role includes those before it.");

/** What a new grant is made of. */
export const grantCreateSpec = structure(
  "GrantCreateSpec",
  "A role for one user, group or token; exactly one of the three is given.",
  {
    user: optional(text("Id or name of the user it is for.")),
    group: optional(text("Id or name of the group it is for.")),
    token_id: optional(text("Id of the token that it cuts down.")),
    role,
    library_id: optional(text("Id of the library it is on; on everything when absent.")),
  },
  { canonical: "contentlib.grants.create_spec", required: ["role"] },
);

/** A grant, as list answers it. */
export const grantInfo = structure(
  "GrantInfo",
  "A role that one user, group or token has on everything or on one library.",
  {
    grant_id: text("Id of the grant."),
    user_id: optional(text("Id of the user it is for.")),
    user: optional(text("Name of the user it is for, or whose token it cuts down.")),
    group_id: optional(text("Id of the group it is for.")),
    group: optional(text("Name of the group it is for.")),
    token_id: optional(text("Id of the token that it cuts down.")),
    token_name: optional(text("Name of the token that it cuts down.")),
    role,
    library_id: optional(text("Id of the library it is on; on everything when absent.")),
    library_name: optional(text("Name of the library it is on.")),
    creation_time: instant("When it was granted."),
  },
  { canonical: "contentlib.grants.info", required: ["grant_id", "role", "creation_time"] },
);
