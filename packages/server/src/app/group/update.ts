import { faultOf } from "@contentlib/contract/vocabulary";
import { membersLost, planGroupUpdate } from "../../domain/access/plan-group.ts";
import type { OperationInput } from "@contentlib/contract";
import type { GroupPatch } from "../../domain/access/plan-group.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { expectFreeName, loadGroup, loadMembers } from "./access.ts";

type GroupUpdateSpec = OperationInput<"group.update">["update_spec"];

/** The update with the ids of the accounts that it names. */
const patchOf = async (
  catalog: Core["catalog"],
  { name, description, ...lists }: GroupUpdateSpec,
): Promise<GroupPatch> => {
  const named = async (members: readonly string[] | undefined) =>
    members === undefined ? undefined : await loadMembers(catalog, members);
  return given({
    name,
    description,
    memberIds: await named(lists.members),
    joiningIds: await named(lists.add_members),
    leavingIds: await named(lists.remove_members),
  });
};

/** Whoever is taken out of the group loses what it was granted before this answers. */
export const updateGroup =
  ({ catalog, access }: Pick<Core, "catalog" | "access">): Handler<"group.update"> =>
  async ({ group: text, update_spec }, call) => {
    const { before, after } = await commitDecision(catalog, async () => {
      const row = await loadGroup(catalog, text);
      const patched = orFault(planGroupUpdate(row.value, await patchOf(catalog, update_spec)));
      const result = { before: row.value, after: patched };
      if (patched === row.value) return { changes: [], result };
      await expectFreeName(catalog, patched);
      const isLosing = membersLost(row.value, patched).length > 0;
      return {
        changes: [
          { kind: "group.put", group: patched, rev: row.rev },
          ...(isLosing ? [{ kind: "administrator.expect" } as const] : []),
        ],
        refusals: { "last-administrator": faultOf("access.last_administrator") },
        result,
      };
    });
    const accountIds = [...before.memberIds, ...after.memberIds];
    await access.afterChange({ accountIds }, `the group ${after.name} was changed`, call);
  };
