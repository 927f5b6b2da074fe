import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { presentAccount } from "./access.ts";

export const listUsers =
  ({ catalog }: Pick<Core, "catalog">): Handler<"user.list"> =>
  async () =>
    (await catalog.listAccounts()).map(presentAccount);
