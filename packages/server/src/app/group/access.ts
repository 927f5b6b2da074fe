import type { GroupInfo } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Group } from "../../domain/access/group.ts";
import type { AccountId } from "../../domain/ids.ts";
import { parseGroupId } from "../../domain/ids.ts";
import type { CatalogReader, Row } from "../../ports/index.ts";
import { Fault } from "../fault.ts";
import { presentTime } from "../present.ts";
import { loadAccount } from "../user/access.ts";

/** The group of this id, or of this name without regard to case. */
export const loadGroup = async (
  catalog: Pick<CatalogReader, "findGroup" | "findGroupByName">,
  text: string,
): Promise<Row<Group>> => {
  const id = parseGroupId(text);
  const row =
    (id === null ? null : await catalog.findGroup(id)) ??
    (await catalog.findGroupByName(text.toLowerCase()));
  if (row === null) throw new Fault(faultOf("group.not_found", text));
  return row;
};

/** The accounts that a wish names as members. */
export const loadMembers = async (
  catalog: Pick<CatalogReader, "findAccount" | "findAccountByName">,
  texts: readonly string[],
): Promise<readonly AccountId[]> => {
  const ids: AccountId[] = [];
  for (const text of texts) ids.push((await loadAccount(catalog, text)).value.id);
  return ids;
};

/** No two groups share a name. */
export const expectFreeName = async (
  catalog: Pick<CatalogReader, "findGroupByName">,
  { id, name }: Group,
): Promise<void> => {
  const present = await catalog.findGroupByName(name);
  if (present !== null && present.value.id !== id)
    throw new Fault(faultOf("group.name_taken", name));
};

/** Names of accounts, for showing groups and grants. */
export type AccountNames = ReadonlyMap<AccountId, string>;

export const accountNames = async (
  catalog: Pick<CatalogReader, "listAccounts">,
): Promise<AccountNames> =>
  new Map((await catalog.listAccounts()).map(({ id, name }) => [id, name]));

export const presentGroup = (group: Group, names: AccountNames): GroupInfo => ({
  group_id: group.id,
  name: group.name,
  description: group.description,
  members: group.memberIds
    .flatMap((id) => {
      const user = names.get(id);
      return user === undefined ? [] : [{ user_id: id, user }];
    })
    .toSorted((one, other) => (one.user < other.user ? -1 : 1)),
  creation_time: presentTime(group.createdAt),
});
