import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

/** How the operations on security policies travel. */
export const SECURITY_POLICY_BINDINGS = {
  "securityPolicy.list": { api: api.get(`${api.CONTENT}/security-policies`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
