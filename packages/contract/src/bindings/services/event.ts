import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

/** How the operations on events travel. */
export const EVENT_BINDINGS = {
  "event.stream": { api: api.get(`${api.OURS}/events`, "update_session_id", "library_id") },
} as const satisfies Readonly<Record<string, OperationBindings>>;
