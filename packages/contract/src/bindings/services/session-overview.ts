import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

/** How the sessions of everybody are asked for. */
export const SESSION_OVERVIEW_BINDINGS = {
  "sessionOverview.list": { api: api.get(`${api.OURS}/sessions`, "state") },
} as const satisfies Readonly<Record<string, OperationBindings>>;
