import { faultOf } from "@contentlib/contract/vocabulary";
import type { AccessToken } from "../../domain/account.ts";
import { parseTokenId } from "../../domain/ids.ts";
import type { CatalogReader } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";

const findToken = async (
  catalog: Pick<CatalogReader, "findTokenById">,
  text: string,
): Promise<AccessToken | null> => {
  const id = parseTokenId(text);
  return id === null ? null : await catalog.findTokenById(id);
};

export const loadToken = async (
  catalog: Pick<CatalogReader, "findTokenById">,
  text: string,
): Promise<AccessToken> => {
  const token = await findToken(catalog, text);
  if (token === null) throw new Fault(faultOf("token.not_found", text));
  return token;
};

/** A token of the caller's own account, and for administrators every other one. Others are not there. */
export const loadOwnToken = async (
  core: Pick<Core, "catalog" | "access">,
  text: string,
  { caller }: Pick<Call, "caller">,
): Promise<AccessToken> => {
  const token = await loadToken(core.catalog, text);
  if (token.accountId === caller.accountId || (await core.access.isAdministrator(caller)))
    return token;
  throw new Fault(faultOf("token.not_found", text));
};
