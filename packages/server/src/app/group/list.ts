import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { accountNames, presentGroup } from "./access.ts";

export const listGroups =
  ({ catalog }: Pick<Core, "catalog">): Handler<"group.list"> =>
  async () => {
    const [groups, names] = await Promise.all([catalog.listGroups(), accountNames(catalog)]);
    return groups.map((group) => presentGroup(group, names));
  };
