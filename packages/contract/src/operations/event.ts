import { optional, parameters, text } from "../models/schema.ts";
import { serverEvent } from "../models/server-event.ts";
import type { Operation } from "./operation.ts";

/** What happens in update sessions, told while it happens. */
export const EVENT_OPERATIONS = {
  "event.stream": {
    id: "event.stream",
    service: "contentlib.events",
    method: "stream",
    summary:
      "Tells what happens in one update session, or in all of one library, until the caller leaves; exactly one of the two is given.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "library_id", whenAbsent: "anything" },
      also: [
        {
          privilege: "System.Read",
          role: "viewer",
          on: { kind: "update-session", parameter: "update_session_id", whenAbsent: "anything" },
          others: "viewer",
        },
      ],
    },
    input: parameters({
      update_session_id: optional(text("Id of the update session to follow.")),
      library_id: optional(text("Id of the library whose update sessions to follow.")),
    }),
    output: serverEvent,
    faults: ["not_found"],
    origin: "ours",
    stream: true,
  },
} as const satisfies Readonly<Record<string, Operation>>;
