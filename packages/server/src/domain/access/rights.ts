import type { LibraryId } from "../ids.ts";
import { ROLES, type Role } from "@contentlib/contract/vocabulary";
import { type Grant } from "./grant.ts";

/** The roles of somebody: on everything, and on single libraries. */
export interface RoleMap {
  /** Null: none on everything. */
  readonly everywhere: Role | null;
  readonly onLibraries: ReadonlyMap<LibraryId, Role>;
}

/** What a caller may do. A token with grants of its own can do no more than these say. */
export interface Rights {
  readonly account: RoleMap;
  /** Null when the caller came by password, or by a token without grants. */
  readonly token: RoleMap | null;
}

/** Nobody may do anything until something is granted. */
export const NO_RIGHTS: Rights = {
  account: { everywhere: null, onLibraries: new Map() },
  token: null,
};

const rankOf = (role: Role | null): number => (role === null ? -1 : ROLES.indexOf(role));

/** The role that lets do more. */
const higher = (one: Role | null, other: Role | null): Role | null =>
  rankOf(one) >= rankOf(other) ? one : other;

const lower = (one: Role | null, other: Role | null): Role | null =>
  rankOf(one) <= rankOf(other) ? one : other;

/** Whether a role lets do what the other one does. */
export const covers = (role: Role | null, needed: Role): boolean => rankOf(role) >= rankOf(needed);

/** The roles that grants give together; the highest counts where several meet. */
export const roleMapOf = (grants: readonly Grant[]): RoleMap => {
  let everywhere: Role | null = null;
  const onLibraries = new Map<LibraryId, Role>();
  for (const { role, libraryId } of grants) {
    if (libraryId === undefined) everywhere = higher(everywhere, role);
    else onLibraries.set(libraryId, higher(onLibraries.get(libraryId) ?? null, role) ?? role);
  }
  return { everywhere, onLibraries };
};

const roleIn = (map: RoleMap, libraryId: LibraryId | null): Role | null =>
  libraryId === null
    ? map.everywhere
    : higher(map.everywhere, map.onLibraries.get(libraryId) ?? null);

/** The role on a library, or on everything where that is null. */
export const roleOn = (rights: Rights, libraryId: LibraryId | null): Role | null => {
  const ofAccount = roleIn(rights.account, libraryId);
  return rights.token === null ? ofAccount : lower(ofAccount, roleIn(rights.token, libraryId));
};

/** Whether only a token's own grants keep its caller from what comes with a role: the account behind it has that role. */
export const isCutShort = (rights: Rights, libraryId: LibraryId | null, needed: Role): boolean =>
  !covers(roleOn(rights, libraryId), needed) && covers(roleIn(rights.account, libraryId), needed);

/** The libraries for which a grant names them, to the account or to its token. */
const namedLibraries = ({ account, token }: Rights): readonly LibraryId[] => [
  ...account.onLibraries.keys(),
  ...(token?.onLibraries.keys() ?? []),
];

/** The highest role on everything or on any library; null when there is none at all. */
export const highestRole = (rights: Rights): Role | null =>
  namedLibraries(rights)
    .map((id) => roleOn(rights, id))
    .reduce(higher, roleOn(rights, null));

/** The libraries that can be seen; null when all of them can. */
export const visibleLibraries = (rights: Rights): ReadonlySet<LibraryId> | null => {
  if (roleOn(rights, null) !== null) return null;
  return new Set(namedLibraries(rights).filter((id) => roleOn(rights, id) !== null));
};
