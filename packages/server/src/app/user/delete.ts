import { faultOf } from "@contentlib/contract/vocabulary";
import { BUILT_IN_ACCOUNT } from "../../domain/account-name.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadAccount } from "./access.ts";

/** The account goes with its tokens and grants; what it was doing has ended before this answers. */
export const deleteUser =
  ({ catalog, access }: Pick<Core, "catalog" | "access">): Handler<"user.delete"> =>
  async ({ user }, call) => {
    const deleted = await commitDecision(catalog, async () => {
      const { value: account, rev } = await loadAccount(catalog, user);
      if (account.name === BUILT_IN_ACCOUNT)
        throw new Fault(faultOf("account.built_in", account.name));
      return {
        changes: [
          { kind: "account.delete", id: account.id, rev },
          { kind: "administrator.expect" },
        ],
        refusals: { "last-administrator": faultOf("access.last_administrator") },
        result: account,
      };
    });
    const why = `the user ${deleted.name} was deleted`;
    await access.afterChange({ accountIds: [deleted.id] }, why, call);
  };
