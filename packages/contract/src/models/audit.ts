import {
  AUDIT_ACTORS,
  AUDIT_CHANGES,
  AUDIT_EVENTS,
  AUDIT_OBJECT_KINDS,
  AUDIT_RELATIONS,
} from "../vocabulary/enumerations.ts";
import { instant, integer, listOf, oneOf, optional, setOf, structure, text } from "./schema.ts";

/** Something that was changed or asked for, as it was called then. */
export const auditObject = structure(
  "AuditObject",
  "Something that was changed or asked for, as it was called then.",
  {
    kind: oneOf(AUDIT_OBJECT_KINDS, "What it is."),
    id: text("Its id; of a file in a session its name."),
    name: optional(text("Its name then; absent where it has none, or it was not known.")),
    relation: optional(
      oneOf(AUDIT_RELATIONS, "Of a user: whether he became a member of the group, or is none now."),
    ),
  },
  { canonical: "contentlib.audit.object", required: ["kind", "id"] },
);

/** One entry of the audit trail. */
export const auditEntry = structure(
  "AuditEntry",
  "Who did what to what, from where. Many alike are one entry with their count.",
  {
    id: text("Id of the entry."),
    event: oneOf(AUDIT_EVENTS, "What is told."),
    operation: text(
      "Id of the operation; transfer.upload for the bytes of a file; several where many calls are counted; or what the server did, such as server.expire.",
    ),
    actor: oneOf(
      AUDIT_ACTORS,
      "Whether a known user did it, one that is not known, or the server.",
    ),
    user: optional(
      text("Full name of the user, or the name that was tried; absent of the server."),
    ),
    user_id: optional(text("Id of the user; absent where none is known.")),
    token_id: optional(text("Id of the token the login was made with; absent after a password.")),
    token_name: optional(text("Name of that token.")),
    address: optional(text("Network address of the client; absent where nobody called.")),
    request_id: optional(text("Id of the request, as the answer header X-Request-Id told it.")),
    objects: listOf(
      auditObject,
      "What was changed or asked for, and then what that lies in. The more there were, the more entries there are.",
    ),
    changed: optional(
      setOf(
        oneOf(AUDIT_CHANGES, "One of them."),
        "What of the objects was changed, or what came of it; absent where the operation says it all.",
      ),
    ),
    reason: optional(text("Why it was refused.")),
    first_time: instant("When it was done, or the first of many alike."),
    last_time: instant("When the last of them was done."),
    count: integer("How many alike it stands for."),
  },
  {
    canonical: "contentlib.audit.entry",
    required: ["id", "event", "operation", "actor", "objects", "first_time", "last_time", "count"],
  },
);

/** A part of the audit trail. */
export const auditPage = structure(
  "AuditPage",
  "A part of the audit trail.",
  {
    entries: listOf(auditEntry, "The entries, newest first."),
    next: optional(text("What to give as before to get the older ones; absent at the end.")),
  },
  { canonical: "contentlib.audit.page", required: ["entries"] },
);
