import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { aLibrary, anItem } from "@contentlib/testkit/builders/libraries";
import { parseClientToken } from "./ids.ts";
import { nameKey } from "./names.ts";
import {
  canBeGuarded,
  checkContentAllowed,
  complianceOf,
  guardOf,
  OVF_DEFAULT_POLICY,
  SECURITY_POLICIES,
  securityPolicyAfter,
  withSecurityPolicy,
} from "./security-policy.ts";

const free = aLibrary();
const secured = aLibrary({ securityPolicyId: OVF_DEFAULT_POLICY.id });

test("every policy has an id of its own, a UUID in lower case, and rules for types in the form they are compared in", () => {
  for (const { id, itemTypeRules } of SECURITY_POLICIES) {
    assert.equal(parseClientToken(id), id);
    for (const type of Object.keys(itemTypeRules)) assert.equal(nameKey(type), type);
  }
  assert.equal(new Set(SECURITY_POLICIES.map(({ id }) => id)).size, SECURITY_POLICIES.length);
});

test("a policy is chosen by its id in any case, kept, and taken away; another id is not found", () => {
  const { id } = OVF_DEFAULT_POLICY;
  for (const present of [undefined, id]) {
    assert.equal(securityPolicyAfter(present, id.toUpperCase()), id);
    assert.equal(securityPolicyAfter(present, undefined), present);
    assert.equal(securityPolicyAfter(present, null), undefined);
    for (const wrong of ["", "OVF default policy", "00000000-0000-4000-8000-000000000000"])
      assert.deepEqual(
        securityPolicyAfter(present, wrong),
        faultOf("security_policy.not_found", wrong),
      );
  }
});

test("a library is given a policy, and loses it without a trace", () => {
  assert.deepEqual(withSecurityPolicy(free, OVF_DEFAULT_POLICY.id), {
    ...free,
    securityPolicyId: OVF_DEFAULT_POLICY.id,
  });
  const { securityPolicyId: _, ...bare } = secured;
  assert.deepEqual(withSecurityPolicy(secured, undefined), bare);
});

describe("what a policy guards", () => {
  for (const type of ["ovf", "OVF", "Ovf"]) {
    test(`S74: items of type ${type}, in a library that has the policy`, () => {
      assert.equal(canBeGuarded(type), true);
      assert.equal(guardOf(secured, type), OVF_DEFAULT_POLICY);
      assert.equal(guardOf(free, type), null);
      assert.equal(checkContentAllowed(free, type, null), null);
      const fault = checkContentAllowed(secured, type, null);
      assert.ok(fault !== null);
      const text = messageOf(fault).default_message;
      for (const named of [OVF_DEFAULT_POLICY.name, OVF_DEFAULT_POLICY.id, secured.id, type])
        assert.ok(text.includes(named), text);
    });
  }

  for (const type of ["", "iso", "ovf ", "ova", "constructor", "__proto__"]) {
    test(`and not items of type "${type}"`, () => {
      assert.equal(canBeGuarded(type), false);
      assert.equal(guardOf(secured, type), null);
      assert.equal(checkContentAllowed(secured, type, null), null);
    });
  }
});

test("S74: a policy takes content that was verified, and says why it takes no other", () => {
  const verified = { status: "VERIFIED", reason: null } as const;
  assert.equal(checkContentAllowed(secured, "ovf", verified), null);
  for (const status of ["NOT_AVAILABLE", "UNTRUSTED", "VERIFICATION_FAILURE"] as const) {
    const fault = checkContentAllowed(secured, "ovf", { status, reason: "for a reason" });
    assert.ok(fault !== null);
    assert.match(messageOf(fault).default_message, /verified: for a reason\./);
  }
  const item = anItem({ type: "ovf", verification: "VERIFIED" });
  assert.deepEqual(complianceOf(item, secured), { isCompliant: true, verification: "VERIFIED" });
  const untrusted = anItem({ type: "ovf", verification: "UNTRUSTED" });
  assert.equal(complianceOf(untrusted, secured).isCompliant, false);
  assert.equal(complianceOf(item, free).verification, null);
});

test("only guarded items are not known to be compliant", () => {
  assert.deepEqual(complianceOf(anItem({ type: "Ovf" }), secured), {
    isCompliant: false,
    verification: "NOT_AVAILABLE",
  });
  const unasked = { isCompliant: true, verification: null };
  assert.deepEqual(complianceOf(anItem({ type: "iso" }), secured), unasked);
  assert.deepEqual(complianceOf(anItem({ type: "ovf" }), free), unasked);
});
