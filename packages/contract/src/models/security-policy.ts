import { SECURITY_RULE_TYPES } from "../vocabulary/enumerations.ts";
import { mapOf, oneOf, structure, text } from "./schema.ts";

/** A policy that guards the content of libraries. */
export const securityPolicyInfo = structure(
  "SecurityPolicyInfo",
  "A policy that guards the content of the libraries it is given to.",
  {
    policy: text("Id of the policy."),
    name: text("Name of the policy."),
    item_type_rules: mapOf(
      oneOf(SECURITY_RULE_TYPES, "The rule."),
      "The rule that items of a type must keep, by the type.",
    ),
  },
  {
    canonical: "com.vmware.content.security_policies.info",
    required: ["policy", "name", "item_type_rules"],
  },
);
