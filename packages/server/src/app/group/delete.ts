import { faultOf } from "@contentlib/contract/vocabulary";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadGroup } from "./access.ts";

/** The group goes with its grants; its members lose them before this answers. */
export const deleteGroup =
  ({ catalog, access }: Pick<Core, "catalog" | "access">): Handler<"group.delete"> =>
  async ({ group: text }, call) => {
    const deleted = await commitDecision(catalog, async () => {
      const { value: group, rev } = await loadGroup(catalog, text);
      return {
        changes: [{ kind: "group.delete", id: group.id, rev }, { kind: "administrator.expect" }],
        refusals: { "last-administrator": faultOf("access.last_administrator") },
        result: group,
      };
    });
    const why = `the group ${deleted.name} was deleted`;
    await access.afterChange({ accountIds: deleted.memberIds }, why, call);
  };
