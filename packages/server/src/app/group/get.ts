import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { accountNames, loadGroup, presentGroup } from "./access.ts";

export const getGroup =
  ({ catalog }: Pick<Core, "catalog">): Handler<"group.get"> =>
  async ({ group }) =>
    presentGroup((await loadGroup(catalog, group)).value, await accountNames(catalog));
