import type { GrantInfo } from "@contentlib/contract";
import type { GrantRole } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Role } from "@contentlib/contract/vocabulary";
import type { Grant, GrantSubject } from "../../domain/access/grant.ts";
import { roleOn, type Rights } from "../../domain/access/rights.ts";
import type { AccountId, LibraryId } from "../../domain/ids.ts";
import { parseGrantId } from "../../domain/ids.ts";
import type { CatalogReader } from "../../ports/index.ts";
import { Fault } from "../fault.ts";
import { presentTime } from "../present.ts";

const ROLE_OF: Readonly<Record<GrantRole, Role>> = {
  VIEWER: "viewer",
  EDITOR: "editor",
  ADMINISTRATOR: "administrator",
};

const NAME_OF: Readonly<Record<Role, GrantRole>> = {
  viewer: "VIEWER",
  editor: "EDITOR",
  administrator: "ADMINISTRATOR",
};

/** A role of the wire in the words of the domain. */
export const grantedRole = (role: GrantRole): Role => ROLE_OF[role];

export const presentRole = (role: Role): GrantRole => NAME_OF[role];

export const loadGrant = async (
  catalog: Pick<CatalogReader, "findGrant">,
  text: string,
): Promise<Grant> => {
  const id = parseGrantId(text);
  const grant = id === null ? null : await catalog.findGrant(id);
  if (grant === null) throw new Fault(faultOf("grant.not_found", text));
  return grant;
};

type SubjectReader = Pick<CatalogReader, "findAccount" | "findGroup" | "findTokenById">;

/** The accounts that a grant of this subject concerns. */
export const accountsOf = async (
  catalog: Pick<CatalogReader, "findGroup" | "findTokenById">,
  subject: GrantSubject,
): Promise<readonly AccountId[]> => {
  switch (subject.kind) {
    case "account":
      return [subject.id];
    case "group":
      return (await catalog.findGroup(subject.id))?.value.memberIds ?? [];
    case "token": {
      const token = await catalog.findTokenById(subject.id);
      return token === null ? [] : [token.accountId];
    }
  }
};

/** The names behind the ids of many grants, each read once. */
export class GrantNames {
  readonly #catalog: SubjectReader & Pick<CatalogReader, "findLibrary">;
  readonly #subjects = new Map<string, Promise<Partial<GrantInfo>>>();
  readonly #libraries = new Map<LibraryId, Promise<string | undefined>>();

  constructor(catalog: SubjectReader & Pick<CatalogReader, "findLibrary">) {
    this.#catalog = catalog;
  }

  subject(subject: GrantSubject): Promise<Partial<GrantInfo>> {
    const known = this.#subjects.get(subject.id);
    if (known !== undefined) return known;
    const read = this.#readSubject(subject);
    this.#subjects.set(subject.id, read);
    return read;
  }

  library(id: LibraryId): Promise<string | undefined> {
    const known = this.#libraries.get(id);
    if (known !== undefined) return known;
    const read = this.#catalog.findLibrary(id).then((row) => row?.value.name);
    this.#libraries.set(id, read);
    return read;
  }

  async #readSubject(subject: GrantSubject): Promise<Partial<GrantInfo>> {
    switch (subject.kind) {
      case "account":
        return { user_id: subject.id, ...(await this.#user(subject.id)) };
      case "group": {
        const row = await this.#catalog.findGroup(subject.id);
        return { group_id: subject.id, ...(row === null ? {} : { group: row.value.name }) };
      }
      case "token": {
        const token = await this.#catalog.findTokenById(subject.id);
        if (token === null) return { token_id: subject.id };
        const user = await this.#user(token.accountId);
        return { token_id: subject.id, token_name: token.label, ...user };
      }
    }
  }

  async #user(id: AccountId): Promise<Pick<GrantInfo, "user">> {
    const row = await this.#catalog.findAccount(id);
    return row === null ? {} : { user: row.value.name };
  }
}

/** Whether a grant gives nothing away to somebody with these rights: it is on everything, or on a library that he sees. */
export const isSeenGrant = ({ libraryId }: Pick<Grant, "libraryId">, rights: Rights): boolean =>
  libraryId === undefined || roleOn(rights, libraryId) !== null;

export const presentGrant = async (grant: Grant, names: GrantNames): Promise<GrantInfo> => {
  const { id, subject, role, libraryId, createdAt } = grant;
  const library = libraryId === undefined ? undefined : await names.library(libraryId);
  return {
    grant_id: id,
    ...(await names.subject(subject)),
    role: presentRole(role),
    ...(libraryId === undefined ? {} : { library_id: libraryId }),
    ...(library === undefined ? {} : { library_name: library }),
    creation_time: presentTime(createdAt),
  };
};
