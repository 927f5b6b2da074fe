import { planGroupCreate } from "../../domain/access/plan-group.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { expectFreeName, loadMembers } from "./access.ts";

export const createGroup =
  ({
    catalog,
    clock,
    ids,
    access,
  }: Pick<Core, "catalog" | "clock" | "ids" | "access">): Handler<"group.create"> =>
  async ({ create_spec: { name, description, members = [] } }, call) => {
    const group = await commitDecision(catalog, async () => {
      const memberIds = await loadMembers(catalog, members);
      const wish = given({ name, description, memberIds });
      const made = orFault(planGroupCreate({ id: ids.groupId(), wish, now: clock.now() }));
      await expectFreeName(catalog, made);
      return { changes: [{ kind: "group.put", group: made, rev: null }], result: made };
    });
    const why = `the group ${group.name} was made`;
    await access.afterChange({ accountIds: group.memberIds }, why, call);
    return group.id;
  };
