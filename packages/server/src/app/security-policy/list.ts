import { SECURITY_POLICIES } from "../../domain/security-policy.ts";
import type { Handler } from "../call.ts";

/** The policies are the same for every caller, and need no port. */
export const listSecurityPolicies =
  (_core: unknown): Handler<"securityPolicy.list"> =>
  async () =>
    SECURITY_POLICIES.map(({ id, name, itemTypeRules }) => ({
      policy: id,
      name,
      item_type_rules: itemTypeRules,
    }));
