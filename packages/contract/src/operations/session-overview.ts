import { listOf, oneOf, optional, parameters } from "../models/schema.ts";
import { sessionOverview } from "../models/session-overview.ts";
import { UPDATE_SESSION_STATES } from "../vocabulary/enumerations.ts";
import type { Operation } from "./operation.ts";

/** The sessions of everybody. */
export const SESSION_OVERVIEW_OPERATIONS = {
  "sessionOverview.list": {
    id: "sessionOverview.list",
    service: "contentlib.sessions",
    method: "list",
    summary: "Lists the sessions of everybody.",
    effect: "safe",
    right: {
      privilege: "contentlib.ReadSessions",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({
      state: optional(oneOf(UPDATE_SESSION_STATES, "The state of those wanted.")),
    }),
    output: listOf(sessionOverview, "The sessions, oldest first."),
    faults: [],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
