import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

/** How the question who calls travels. */
export const WHOAMI_BINDINGS = {
  "whoami.get": { api: api.get(`${api.OURS}/whoami`, "can", "on") },
} as const satisfies Readonly<Record<string, OperationBindings>>;
