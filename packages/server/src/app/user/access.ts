import type { UserInfo } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { parseAccountName, USER_DOMAIN } from "../../domain/account-name.ts";
import type { Account } from "../../domain/account.ts";
import { parseAccountId } from "../../domain/ids.ts";
import type { CatalogReader, Row } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { presentTime } from "../present.ts";

type AccountReader = Pick<CatalogReader, "findAccount" | "findAccountByName">;

const notFound = (text: string): Fault => new Fault(faultOf("account.not_found", text));

/** The account of this id, or of this name in any of its spellings; null where there is none. */
const findAccount = async (catalog: AccountReader, text: string): Promise<Row<Account> | null> => {
  const id = parseAccountId(text);
  const byId = id === null ? null : await catalog.findAccount(id);
  if (byId !== null) return byId;
  const name = parseAccountName(text, USER_DOMAIN);
  return name === null ? null : await catalog.findAccountByName(name);
};

export const loadAccount = async (catalog: AccountReader, text: string): Promise<Row<Account>> => {
  const row = await findAccount(catalog, text);
  if (row === null) throw notFound(text);
  return row;
};

/** The caller's own account, and for administrators every other one; without a text the caller's. Others are not there. */
export const loadOwnAccount = async (
  core: Pick<Core, "catalog" | "access">,
  text: string | undefined,
  { caller }: Pick<Call, "caller">,
): Promise<Row<Account>> => {
  const row = await findAccount(core.catalog, text ?? caller.accountId);
  const isAllowed =
    row?.value.id === caller.accountId || (await core.access.isAdministrator(caller));
  if (row === null || !isAllowed) throw notFound(text ?? caller.accountName);
  return row;
};

/** Refuses a caller by a token that is cut down what would let him have all that his account may. */
export const expectWholeLogin = async (
  core: Pick<Core, "catalog" | "access">,
  { caller }: Pick<Call, "caller">,
  wish: string,
): Promise<void> => {
  const { token } = await core.access.rightsOf(caller);
  if (token === null || caller.tokenId === undefined) return;
  if (await core.access.isAdministrator(caller)) return;
  const known = await core.catalog.findTokenById(caller.tokenId);
  throw new Fault(faultOf("access.narrowed_token", known?.label ?? caller.tokenId, wish));
};

/** Refuses a caller by a token what would outlive the token, once it is revoked. */
export const expectPasswordLogin = async (
  { catalog }: Pick<Core, "catalog">,
  { caller: { tokenId } }: Pick<Call, "caller">,
  wish: string,
): Promise<void> => {
  if (tokenId === undefined) return;
  const known = await catalog.findTokenById(tokenId);
  throw new Fault(faultOf("access.password_login_needed", known?.label ?? tokenId, wish));
};

export const presentAccount = (account: Account): UserInfo => ({
  user_id: account.id,
  name: account.name,
  description: account.description,
  disabled: account.isDisabled,
  tokens_only: account.passwordHash === undefined,
  creation_time: presentTime(account.createdAt),
});
