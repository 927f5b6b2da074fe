import { SESSION_KINDS, UPDATE_SESSION_STATES } from "../vocabulary/enumerations.ts";
import { instant, integer, oneOf, optional, structure, text } from "./schema.ts";

/** A session of whomever, as administrators see it. */
export const sessionOverview = structure(
  "SessionOverview",
  "A session of whomever, as administrators see it.",
  {
    session_id: text("Id of the session."),
    kind: oneOf(SESSION_KINDS, "Whether it changes an item or reads one."),
    state: oneOf(UPDATE_SESSION_STATES, "State of the session; one that reads is never DONE."),
    user_id: text("Id of the user who made it."),
    user: text("Name of the user who made it."),
    token_id: optional(text("Id of the token it was made with; absent after a password.")),
    library_item_id: text("Id of the item."),
    item_name: optional(text("Name of the item; absent when it is gone.")),
    library_id: optional(text("Id of the library of the item; absent when it is gone.")),
    library_name: optional(text("Name of the library of the item; absent when it is gone.")),
    creation_time: instant("When the session was made."),
    expiration_time: instant("When it ends for want of activity; never before this time."),
    end_time: optional(instant("When it ended; absent while it is ACTIVE.")),
    client_progress: integer("How far the client says it is, in percent."),
    bytes_transferred: integer("Bytes of files that were received, or sent where it reads."),
  },
  {
    canonical: "contentlib.sessions.summary",
    required: [
      "session_id",
      "kind",
      "state",
      "user_id",
      "user",
      "library_item_id",
      "creation_time",
      "expiration_time",
      "client_progress",
      "bytes_transferred",
    ],
  },
);
