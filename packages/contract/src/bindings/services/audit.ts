import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const FILTERS = [
  "event",
  "operation",
  "user",
  "token_id",
  "address",
  "request_id",
  "object_id",
  "since",
  "until",
] as const;

/** How the audit trail is asked for. */
export const AUDIT_BINDINGS = {
  "audit.list": {
    api: { ...api.get(`${api.OURS}/audit`, ...FILTERS, "before", "limit"), integers: ["limit"] },
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
