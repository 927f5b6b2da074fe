import { GRANT_ROLES } from "../vocabulary/enumerations.ts";
import { flag, listOf, oneOf, optional, structure, text } from "./schema.ts";

/** A role of the caller on one library. */
export const libraryRole = structure(
  "LibraryRole",
  "A role on one library and its items.",
  {
    library_id: text("Id of the library."),
    role: oneOf(GRANT_ROLES, "What may be done; each role includes those before it."),
  },
  { canonical: "contentlib.whoami.library_role", required: ["library_id", "role"] },
);

/** Who calls, and what the caller may do. */
export const callerInfo = structure(
  "CallerInfo",
  "Who calls, what the caller may do, and whether one thing that was asked about is among it.",
  {
    user_id: text("Id of the user."),
    user: text("Name of the user, without a domain."),
    groups: listOf(text("Name of a group."), "Groups the user is in, in the order of their names."),
    token_id: optional(text("Id of the token the login was made with; absent after a password.")),
    token_name: optional(text("Name of the token the login was made with.")),
    role: optional(
      oneOf(GRANT_ROLES, "What may be done with everything; absent when nothing is granted there."),
    ),
    libraries: listOf(libraryRole, "Libraries on which more may be done than on everything."),
    can: optional(flag("Whether the operation that was asked about is allowed; only when asked.")),
    why: optional(text("Why it is not allowed, and who can grant it; only when it is not.")),
    besides: optional(
      listOf(
        text("A right, and what it is needed on."),
        "What is needed besides, where the operation deals with an object that was not asked about.",
      ),
    ),
  },
  { canonical: "contentlib.whoami.info", required: ["user_id", "user", "groups", "libraries"] },
);
