import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault, messageOf } from "@contentlib/contract/vocabulary";
import { aGroupId, anAccountId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import type { Group } from "./group.ts";
import type { GroupPatch } from "./plan-group.ts";
import { membersLost, planGroupCreate, planGroupUpdate } from "./plan-group.ts";

const [ann, ben] = [anAccountId(), anAccountId()].toSorted();
assert.ok(ann && ben);

const made = (): Group => {
  const group = planGroupCreate({
    id: aGroupId(),
    wish: { name: "Builders", memberIds: [ben, ann, ben] },
    now: BUILT_AT,
  });
  assert.ok(!isFault(group));
  return group;
};

test("a group has a name in lower case, and each member once", () => {
  const { id: _id, ...group } = made();
  assert.deepEqual(group, {
    name: "builders",
    description: "",
    memberIds: [ann, ben],
    createdAt: BUILT_AT,
  });
});

test("names that are no names are refused", () => {
  for (const name of ["", "a b", "a/b", "a@b", "-a", "a".repeat(65), aGroupId()]) {
    const planned = planGroupCreate({ id: aGroupId(), wish: { name }, now: BUILT_AT });
    assert.ok(isFault(planned), name);
    assert.match(messageOf(planned).default_message, /name/);
  }
});

test("an update changes what it names, and one that changes nothing gives the same value", () => {
  const group = made();
  assert.equal(planGroupUpdate(group, {}), group);
  assert.equal(planGroupUpdate(group, { name: "BUILDERS", memberIds: [ben, ann] }), group);
  const updated = planGroupUpdate(group, { description: "They build.", memberIds: [ben] });
  assert.deepEqual(updated, { ...group, description: "They build.", memberIds: [ben] });
  assert.ok(!isFault(updated));
  assert.deepEqual(membersLost(group, updated), [ann]);
  assert.deepEqual(membersLost(updated, group), []);
  assert.ok(isFault(planGroupUpdate(group, { description: "a".repeat(2001) })));
});

test("members are added and removed one by one, and not by two lists that say different things", () => {
  const carl = anAccountId();
  const group = made();
  const members = (patch: GroupPatch): readonly string[] | string => {
    const planned = planGroupUpdate(group, patch);
    return isFault(planned) ? messageOf(planned).default_message : planned.memberIds;
  };
  assert.deepEqual(members({ joiningIds: [carl, carl] }), [ann, ben, carl].toSorted());
  assert.deepEqual(members({ leavingIds: [ben, carl] }), [ann]);
  assert.deepEqual(members({ joiningIds: [carl], leavingIds: [ann] }), [ben, carl].toSorted());
  // Who is in already, or out, stays so.
  assert.equal(planGroupUpdate(group, { joiningIds: [ann], leavingIds: [carl] }), group);
  assert.match(String(members({ joiningIds: [ann], leavingIds: [ann] })), /add_members/);
  assert.match(String(members({ memberIds: [], joiningIds: [ann] })), /members/);
  assert.match(String(members({ memberIds: [], leavingIds: [] })), /members/);
});
