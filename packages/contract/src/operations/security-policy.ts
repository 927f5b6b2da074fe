import { listOf, parameters } from "../models/schema.ts";
import { securityPolicyInfo } from "../models/security-policy.ts";
import type { Operation } from "./operation.ts";

/** The policies that can guard the content of libraries. */
export const SECURITY_POLICY_OPERATIONS = {
  "securityPolicy.list": {
    id: "securityPolicy.list",
    service: "com.vmware.content.security_policies",
    method: "list",
    summary: "Lists the security policies that a library can be given.",
    effect: "safe",
    right: { privilege: "System.Read", role: "none", on: { kind: "anything" } },
    input: parameters({}),
    output: listOf(securityPolicyInfo, "The policies."),
    faults: ["error"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
