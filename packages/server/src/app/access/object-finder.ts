import type { FaultCode, FaultValue, RightObject } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { ItemId, LibraryId } from "../../domain/ids.ts";
import {
  parseDownloadSessionId,
  parseGrantId,
  parseItemId,
  parseLibraryId,
  parseUpdateSessionId,
} from "../../domain/ids.ts";
import type { CatalogReader } from "../../ports/index.ts";
import type { Ownership } from "./owner.ts";
import type { Places, SessionPlace } from "./places.ts";

/** What a right is asked on, where that is found by an id. */
export type RightParameter = Extract<RightObject, { readonly parameter: string }>;

/** Kinds of objects that lie in a library, or are one. */
export type ObjectKind = Exclude<RightParameter["kind"], "self">;

/** An object, as far as rights are concerned. */
export interface FoundObject {
  /** The library it lies in. Null for what lies in none: everything, and a session whose item is gone. */
  readonly libraryId: LibraryId | null;
  readonly itemId?: ItemId;
  /** Of a session. */
  readonly ownership?: Ownership;
}

const NOT_FOUND: Readonly<Record<ObjectKind, FaultCode>> = {
  library: "library.not_found",
  item: "item.not_found",
  "update-session": "update_session.not_found",
  "download-session": "download_session.not_found",
  grant: "grant.not_found",
};

/** What the operations say of an object that is not there. */
export const notFoundFault = (kind: ObjectKind, idText: string): FaultValue =>
  faultOf(NOT_FOUND[kind], idText);

/** Finds where the objects of calls lie. */
export class ObjectFinder {
  readonly #places: Places;
  readonly #catalog: Pick<CatalogReader, "findGrant" | "findLibrary" | "findItem">;

  constructor(
    places: Places,
    catalog: Pick<CatalogReader, "findGrant" | "findLibrary" | "findItem">,
  ) {
    this.#places = places;
    this.#catalog = catalog;
  }

  /** The same as `find` of what is in memory; undefined for what has to be looked up. */
  known(kind: ObjectKind, idText: string): FoundObject | undefined {
    const id =
      kind === "update-session"
        ? parseUpdateSessionId(idText)
        : kind === "download-session"
          ? parseDownloadSessionId(idText)
          : null;
    const known = id === null ? undefined : this.#places.known(id);
    if (known === undefined) return undefined;
    const { libraryId, place } = known;
    return { libraryId, itemId: place.itemId, ownership: place };
  }

  /** Null for what is not there. That a library, or an item that was there, is not there any more does not show yet. */
  async find(kind: ObjectKind, idText: string): Promise<FoundObject | null> {
    switch (kind) {
      case "library": {
        const libraryId = parseLibraryId(idText);
        return libraryId === null ? null : { libraryId };
      }
      case "item": {
        const itemId = parseItemId(idText);
        const libraryId = itemId === null ? null : await this.#places.libraryOf(itemId);
        return itemId === null || libraryId === null ? null : { libraryId, itemId };
      }
      case "update-session": {
        const id = parseUpdateSessionId(idText);
        return id === null ? null : this.#session(await this.#places.updateSession(id));
      }
      case "download-session": {
        const id = parseDownloadSessionId(idText);
        return id === null ? null : this.#session(await this.#places.downloadSession(id));
      }
      case "grant": {
        const id = parseGrantId(idText);
        const grant = id === null ? null : await this.#catalog.findGrant(id);
        return grant === null ? null : { libraryId: grant.libraryId ?? null };
      }
    }
  }

  /** What people call the object, e.g. `library images`; null when it is not there any more. */
  async nameOf({ libraryId, itemId }: FoundObject): Promise<string | null> {
    if (itemId !== undefined) {
      const item = await this.#catalog.findItem(itemId);
      return item === null ? null : `library item ${item.value.name}`;
    }
    if (libraryId === null) return "everything";
    const library = await this.#catalog.findLibrary(libraryId);
    return library === null ? null : `library ${library.value.name}`;
  }

  async #session(place: SessionPlace | null): Promise<FoundObject | null> {
    if (place === null) return null;
    const { itemId } = place;
    return { libraryId: await this.#places.libraryOf(itemId), itemId, ownership: place };
  }
}
