import { auditPage } from "../models/audit.ts";
import { instant, integer, oneOf, optional, parameters, text } from "../models/schema.ts";
import { AUDIT_EVENTS } from "../vocabulary/enumerations.ts";
import type { Operation } from "./operation.ts";

/** Who did what. */
export const AUDIT_OPERATIONS = {
  "audit.list": {
    id: "audit.list",
    service: "contentlib.audit",
    method: "list",
    summary: "Lists who did what to what, newest first, in parts; of what is given all must hold.",
    effect: "safe",
    right: {
      privilege: "contentlib.ReadAudit",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({
      event: optional(oneOf(AUDIT_EVENTS, "What the entries wanted tell.")),
      operation: optional(text("Id of the operation, or what the server did.")),
      user: optional(text("Name of the user, with or without its domain.")),
      token_id: optional(text("Id of the token.")),
      address: optional(text("Network address of the client.")),
      request_id: optional(text("Id of the request.")),
      object_id: optional(text("Id of what was changed or asked for, or of what that lies in.")),
      since: optional(instant("Of entries that were done, the last time, at or after this time.")),
      until: optional(instant("Of entries that were done, the first time, before this time.")),
      before: optional(text("Where the part before this one ended: what it told as next.")),
      limit: optional(integer("Most entries wanted, 1 to 1000; 100 when absent.")),
    }),
    output: auditPage,
    faults: [],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
