import {
  EVENT_KINDS,
  TRANSFER_STATUSES,
  UPDATE_SESSION_STATES,
} from "../vocabulary/enumerations.ts";
import { message } from "./message.ts";
import { instant, integer, of, oneOf, optional, structure, text } from "./schema.ts";

/** Something that happened in an update session. */
export const serverEvent = structure(
  "ServerEvent",
  "Something that happened in an update session, told to those who listen.",
  {
    kind: oneOf(
      EVENT_KINDS,
      "What happened; SESSION_GONE that the session expired, GAP that events before this one were lost and the present state follows.",
    ),
    time: instant("When it happened."),
    update_session_id: optional(text("Id of the session it happened in.")),
    library_item_id: optional(text("Id of the item that the session changes.")),
    library_id: optional(text("Id of the library of that item.")),
    state: optional(
      oneOf(UPDATE_SESSION_STATES, "State the session is in now; with session events only."),
    ),
    file_name: optional(text("Name of the file that is meant; with file events only.")),
    file_status: optional(
      oneOf(TRANSFER_STATUSES, "How far the transfer of the file is; with file events only."),
    ),
    bytes_transferred: optional(integer("Bytes of the file that were received so far.")),
    size: optional(integer("Size of the file in bytes, as far as it is known.")),
    bytes_per_second: optional(integer("Bytes that come in a second, over the last moments.")),
    stalled_seconds: optional(integer("For how many seconds no byte has come; with STALLED only.")),
    error_message: optional(
      of(message, "What went wrong; with the state or status ERROR, and with SESSION_GONE."),
    ),
  },
  { canonical: "contentlib.events.event", required: ["kind", "time"] },
);
