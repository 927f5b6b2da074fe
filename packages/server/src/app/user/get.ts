import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadOwnAccount, presentAccount } from "./access.ts";

export const getUser =
  (core: Pick<Core, "catalog" | "access">): Handler<"user.get"> =>
  async ({ user }, call) =>
    presentAccount((await loadOwnAccount(core, user, call)).value);
