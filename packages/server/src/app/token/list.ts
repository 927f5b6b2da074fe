import type { TokenInfo } from "@contentlib/contract";
import type { AccessToken, Account } from "../../domain/account.ts";
import type { Rights } from "../../domain/access/rights.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { GrantNames, isSeenGrant, presentGrant } from "../grant/access.ts";
import { presentTime } from "../present.ts";
import { loadOwnAccount } from "../user/access.ts";

const presentToken = async (
  { catalog }: Pick<Core, "catalog">,
  token: AccessToken,
  told: { readonly account: Account; readonly names: GrantNames; readonly rights: Rights },
): Promise<TokenInfo> => {
  const { account, names, rights } = told;
  const all = await catalog.listGrants({ subject: { kind: "token", id: token.id } });
  const grants = all.filter((grant) => isSeenGrant(grant, rights));
  return {
    token_id: token.id,
    user_id: account.id,
    user: account.name,
    name: token.label,
    creation_time: presentTime(token.createdAt),
    ...(token.expiresAt === undefined ? {} : { expires_time: presentTime(token.expiresAt) }),
    grants: await Promise.all(grants.map((grant) => presentGrant(grant, names))),
  };
};

export const listTokens =
  (core: Pick<Core, "catalog" | "access">): Handler<"token.list"> =>
  async ({ user }, call) => {
    const { value: account } = await loadOwnAccount(core, user, call);
    const tokens = await core.catalog.listTokens(account.id);
    const names = new GrantNames(core.catalog);
    const told = { account, names, rights: await core.access.rightsOf(call.caller) };
    return await Promise.all(tokens.map((token) => presentToken(core, token, told)));
  };
