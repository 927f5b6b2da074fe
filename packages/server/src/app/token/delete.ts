import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { commitDecision } from "../unit-of-work.ts";
import { expectWholeLogin } from "../user/access.ts";
import { loadOwnToken } from "./access.ts";

/** What was done by the token has ended before this answers. A token that is cut down may revoke itself and no other one. */
export const deleteToken =
  (core: Pick<Core, "catalog" | "access">): Handler<"token.delete"> =>
  async ({ token_id }, call) => {
    const revoked = await commitDecision(core.catalog, async () => {
      const token = await loadOwnToken(core, token_id, call);
      if (token.id !== call.caller.tokenId)
        await expectWholeLogin(core, call, "revoking another token");
      return { changes: [{ kind: "token.delete", id: token.id }], result: token };
    });
    const why = `the token ${revoked.label} was revoked`;
    await core.access.afterChange({ accountIds: [revoked.accountId] }, why, call);
  };
