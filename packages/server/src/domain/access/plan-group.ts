import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { checkAccountName } from "../account-name.ts";
import type { AccountId, GroupId, Instant } from "../ids.ts";
import { checkDescription } from "../names.ts";
import type { Group } from "./group.ts";

/** What a new group is asked to be; its members are known to be accounts. */
export interface GroupWish {
  readonly name: string;
  readonly description?: string;
  readonly memberIds?: readonly AccountId[];
}

/** What an update of a group says; absent members are left as they are. */
export interface GroupPatch extends Partial<GroupWish> {
  /** Who comes in beside those who are, and who goes: of a list that was read before, others might be lost. */
  readonly joiningIds?: readonly AccountId[];
  readonly leavingIds?: readonly AccountId[];
}

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("access.invalid_property", member, reason);

const chosenName = (name: string): string | FaultValue => {
  const lower = name.toLowerCase();
  const reason = checkAccountName(lower);
  return reason === null ? lower : invalid("name", reason);
};

const checkedDescription = (description: string): string | FaultValue => {
  const reason = checkDescription(description);
  return reason === null ? description : invalid("description", reason);
};

/** Each account once, in a fixed order: members have none of their own. */
const asMembers = (ids: readonly AccountId[]): readonly AccountId[] => [...new Set(ids)].toSorted();

/** The group that a create makes, or why there is none. */
export const planGroupCreate = (input: {
  readonly id: GroupId;
  readonly wish: GroupWish;
  readonly now: Instant;
}): Group | FaultValue => {
  const { id, wish, now } = input;
  const name = chosenName(wish.name);
  if (isFault(name)) return name;
  const description = checkedDescription(wish.description ?? "");
  if (isFault(description)) return description;
  return { id, name, description, memberIds: asMembers(wish.memberIds ?? []), createdAt: now };
};

const isSameGroup = (one: Group, other: Group): boolean =>
  one.name === other.name &&
  one.description === other.description &&
  one.memberIds.length === other.memberIds.length &&
  one.memberIds.every((id, index) => id === other.memberIds[index]);

const NOBODY: readonly AccountId[] = [];

/** Who is in the group after an update, or why that can not be said. */
const chosenMembers = (group: Group, patch: GroupPatch): readonly AccountId[] | FaultValue => {
  const { memberIds, joiningIds = NOBODY, leavingIds = NOBODY } = patch;
  if (memberIds !== undefined) {
    const isAlone = patch.joiningIds === undefined && patch.leavingIds === undefined;
    return isAlone
      ? asMembers(memberIds)
      : invalid("members", "it says who is in, so that there is nobody to add or to remove");
  }
  if (joiningIds.some((id) => leavingIds.includes(id)))
    return invalid("add_members", "it names a user whom remove_members names, too");
  const staying = group.memberIds.filter((id) => !leavingIds.includes(id));
  return asMembers([...staying, ...joiningIds]);
};

/** The group after an update; one that changes nothing gives the very same value back. */
export const planGroupUpdate = (group: Group, patch: GroupPatch): Group | FaultValue => {
  const name = chosenName(patch.name ?? group.name);
  if (isFault(name)) return name;
  const description = checkedDescription(patch.description ?? group.description);
  if (isFault(description)) return description;
  const memberIds = chosenMembers(group, patch);
  if (isFault(memberIds)) return memberIds;
  const updated = { ...group, name, description, memberIds };
  return isSameGroup(updated, { ...group, memberIds: asMembers(group.memberIds) })
    ? group
    : updated;
};

/** The accounts that an update takes out of the group: they lose what it was granted. */
export const membersLost = (before: Group, after: Group): readonly AccountId[] =>
  before.memberIds.filter((id) => !after.memberIds.includes(id));
