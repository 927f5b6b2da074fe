import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { SecurityRuleType } from "@contentlib/contract/vocabulary/enumerations";
import type { Item } from "./item.ts";
import type { Library } from "./library.ts";
import type { Verification, VerificationStatus } from "./package.ts";
import { nameKey } from "./names.ts";

/** A policy that a library can be given: the rule that its items of a type must keep, by the type (contract L19). */
export interface SecurityPolicy {
  readonly id: string;
  readonly name: string;
  /** Types in lower case. */
  readonly itemTypeRules: Readonly<Record<string, SecurityRuleType>>;
}

/** The one policy there is. Its id is the same on every server, so that scripts may know it. */
export const OVF_DEFAULT_POLICY: SecurityPolicy = {
  id: "8a5b8c2e-4f0d-4a57-9d1e-6b0f3c7e2d41",
  name: "OVF default policy",
  itemTypeRules: { ovf: "OVF_STRICT_VERIFICATION" },
};

/** Every policy, in the order in which they are listed. */
export const SECURITY_POLICIES: readonly SecurityPolicy[] = [OVF_DEFAULT_POLICY];

const findPolicy = (id: string): SecurityPolicy | undefined =>
  SECURITY_POLICIES.find((policy) => policy.id === id.toLowerCase());

/**
 * The id of the policy that a library has after a wish: undefined leaves the present one, null takes it away, and any other
 * wish must name a policy, in whatever case.
 */
export const securityPolicyAfter = (
  present: string | undefined,
  wished: string | null | undefined,
): string | undefined | FaultValue => {
  if (wished === undefined) return present;
  if (wished === null) return undefined;
  return findPolicy(wished)?.id ?? faultOf("security_policy.not_found", wished);
};

/** The library with that policy, or with none. */
export const withSecurityPolicy = (library: Library, id: string | undefined): Library => {
  const { securityPolicyId: _former, ...others } = library;
  return id === undefined ? others : { ...others, securityPolicyId: id };
};

const ruleOf = (policy: SecurityPolicy, itemType: string): SecurityRuleType | undefined =>
  Object.entries(policy.itemTypeRules).find(([type]) => type === nameKey(itemType))?.[1];

/** Whether some policy has a rule for items of the type: for all others nobody needs to look at the library. */
export const canBeGuarded = (itemType: string): boolean =>
  SECURITY_POLICIES.some((policy) => ruleOf(policy, itemType) !== undefined);

/** The policy of the library that has a rule for items of the type; null where such items are free. */
export const guardOf = (library: Library, itemType: string): SecurityPolicy | null => {
  if (library.securityPolicyId === undefined) return null;
  const policy = findPolicy(library.securityPolicyId);
  return policy === undefined || ruleOf(policy, itemType) === undefined ? null : policy;
};

/** What is known of how an item keeps to the policy of its library (contract I7). */
export interface Compliance {
  readonly isCompliant: boolean;
  /** Null where no policy asks. */
  readonly verification: VerificationStatus | null;
}

/** An item that its library's policy has no rule for is compliant; any other one where its content was verified. */
export const complianceOf = (item: Item, library: Library): Compliance => {
  if (guardOf(library, item.type) === null) return { isCompliant: true, verification: null };
  const verification = item.verification ?? "NOT_AVAILABLE";
  return { isCompliant: verification === "VERIFIED", verification };
};

/** Why content is not taken of which nothing was found out. */
const NOTHING_KNOWN = "nothing is known of a signature";

/**
 * Null where an item of the type may get such content in the library. A policy with a rule for the type takes only what was
 * verified (contract L20). (S74)
 */
export const checkContentAllowed = (
  library: Library,
  itemType: string,
  verification: Pick<Verification, "status" | "reason"> | null,
): FaultValue | null => {
  const policy = guardOf(library, itemType);
  if (policy === null || verification?.status === "VERIFIED") return null;
  const { name, id } = policy;
  const reason = verification?.reason ?? NOTHING_KNOWN;
  return faultOf("security_policy.content_refused", name, id, library.id, itemType, reason);
};
