import { callerInfo } from "../models/caller.ts";
import { optional, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

/** The caller, as the server sees it. */
export const WHOAMI_OPERATIONS = {
  "whoami.get": {
    id: "whoami.get",
    service: "contentlib.whoami",
    method: "get",
    summary: "Shows who calls and what the caller may do, and tells beforehand about one thing.",
    effect: "safe",
    right: { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
    input: parameters({
      can: optional(
        text("An operation to ask about, by its id, e.g. item.create, or as service.method."),
      ),
      on: optional(
        text(
          "Id of what it would be done to: a library, an item or a session. Of two objects it is one, the first of that kind.",
        ),
      ),
    }),
    output: callerInfo,
    faults: [],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
