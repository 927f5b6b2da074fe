import type { AuditObject } from "../../domain/audit-entry.ts";
import type { Grant } from "../../domain/access/grant.ts";
import type { ItemId, LibraryId } from "../../domain/ids.ts";
import type { CatalogReader, Change, ChangeSet } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Places } from "../access/places.ts";
import type { KnownNames } from "./known-names.ts";
import type { BeforeReader } from "./told-differences.ts";
import type { ToldObject } from "./told-object.ts";
import { keyOf } from "./told-object.ts";

/** What is read to say what objects are called and where they lie. */
export type NameReader = BeforeReader &
  Pick<CatalogReader, "findTokenById" | "findGrant" | "findSubscription">;

/** Where names are known from. */
export interface NameSources {
  readonly catalog: NameReader;
  readonly places: Places;
  readonly names: KnownNames;
}

/** What one object is called, and what it lies in. */
interface Named {
  readonly name?: string;
  readonly within: readonly ToldObject[];
}

const ALONE: Named = { within: [] };

const named = (name: string | undefined, within: readonly ToldObject[] = []): Named => ({
  ...(name === undefined ? {} : { name }),
  within,
});

const subjectOf = ({ subject }: Grant): ToldObject => {
  switch (subject.kind) {
    case "account":
      return { kind: "user", id: subject.id };
    case "group":
      return { kind: "group", id: subject.id };
    case "token":
      return { kind: "token", id: subject.id };
  }
};

const libraryWith = (id: LibraryId | undefined): readonly ToldObject[] =>
  id === undefined ? [] : [{ kind: "library", id }];

const nameOfGrant = (grant: Grant): Named =>
  named(grant.role.toUpperCase(), [subjectOf(grant), ...libraryWith(grant.libraryId)]);

/** What a change says itself of the names of what it writes; null where it says none. */
const namedBy = (change: Change): readonly [string, Named] | null => {
  switch (change.kind) {
    case "library.put":
      return [`library ${change.library.id}`, named(change.library.name)];
    case "item.put": {
      const { id, name, libraryId } = change.item;
      return [`item ${id}`, named(name, libraryWith(libraryId))];
    }
    case "account.put":
      return [`user ${change.account.id}`, named(change.account.name)];
    case "group.put":
      return [`group ${change.group.id}`, named(change.group.name)];
    case "token.put": {
      const { id, label, accountId } = change.token;
      return [`token ${id}`, named(label, [{ kind: "user", id: accountId }])];
    }
    default:
      return null;
  }
};

/** What objects are called and where they lie, for one row: each is read once, and what the row's own changes write is not read. */
export class ObjectNames {
  readonly #sources: NameSources;
  readonly #known: Map<string, Named>;

  constructor(sources: NameSources, changes: ChangeSet) {
    this.#sources = sources;
    this.#known = new Map(
      changes.flatMap((change) => {
        const own = namedBy(change);
        return own === null ? [] : [own];
      }),
    );
  }

  /** The objects, then all that they lie in from the inside to the outside; each once. */
  async tell(objects: readonly ToldObject[]): Promise<readonly AuditObject[]> {
    const told = new Map<string, AuditObject>();
    let around = objects;
    while (around.length > 0) {
      const next: ToldObject[] = [];
      for (const object of around) {
        if (told.has(keyOf(object))) continue;
        const { name, within } = await this.#of(object);
        const { kind, id } = object;
        const member = kind === "user" ? object.member : undefined;
        told.set(keyOf(object), {
          kind,
          id,
          ...(name === undefined ? {} : { name }),
          ...(member === undefined ? {} : { relation: member.relation }),
        });
        next.push(...within);
        if (member !== undefined) next.push({ kind: "group", id: member.groupId });
      }
      around = next;
    }
    return [...told.values()];
  }

  async #of(object: ToldObject): Promise<Named> {
    const known = this.#known.get(keyOf(object));
    if (known !== undefined) return known;
    const read = await this.#readOrNone(object);
    this.#known.set(keyOf(object), read);
    return read;
  }

  /** Whoever changes something is not to fail for want of a name to tell it by: a row without one is better than none. */
  async #readOrNone(object: ToldObject): Promise<Named> {
    try {
      return await this.#read(object);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      return ALONE;
    }
  }

  async #read(object: ToldObject): Promise<Named> {
    const { catalog, places } = this.#sources;
    switch (object.kind) {
      case "library":
        return named(await this.#libraryName(object.id));
      case "item": {
        const name = await this.#itemName(object.id);
        return named(name, libraryWith((await places.libraryOf(object.id)) ?? undefined));
      }
      case "update-session":
        return this.#inItem(object.itemId ?? (await places.updateSession(object.id))?.itemId);
      case "download-session":
        return this.#inItem(object.itemId ?? (await places.downloadSession(object.id))?.itemId);
      case "file":
        return named(object.id, [{ kind: "update-session", id: object.sessionId }]);
      case "subscription": {
        const found =
          object.libraryId ?? (await catalog.findSubscription(object.id))?.value.libraryId;
        return named(undefined, libraryWith(found));
      }
      case "user":
        return named((await catalog.findAccount(object.id))?.value.name);
      case "group":
        return named((await catalog.findGroup(object.id))?.value.name);
      case "token": {
        const token = await catalog.findTokenById(object.id);
        return token === null ? ALONE : named(token.label, [{ kind: "user", id: token.accountId }]);
      }
      case "grant": {
        const grant = object.grant ?? (await catalog.findGrant(object.id));
        return grant === null ? ALONE : nameOfGrant(grant);
      }
      case "secret":
        return named(object.id);
      case "trusted-certificate":
      case "configuration":
        return ALONE;
    }
  }

  async #libraryName(id: LibraryId): Promise<string | undefined> {
    const { catalog, names } = this.#sources;
    const known = names.find(id);
    if (known !== undefined) return known;
    const row = await catalog.findLibrary(id);
    if (row !== null) names.learn(id, row.value.name, row.rev);
    return row?.value.name;
  }

  async #itemName(id: ItemId): Promise<string | undefined> {
    const { catalog, names, places } = this.#sources;
    const known = names.find(id);
    if (known !== undefined) return known;
    const row = await catalog.findItem(id);
    if (row === null) return undefined;
    places.learnItem(row.value);
    names.learn(id, row.value.name, row.rev);
    return row.value.name;
  }

  #inItem(id: ItemId | undefined): Named {
    return named(undefined, id === undefined ? [] : [{ kind: "item", id }]);
  }
}
