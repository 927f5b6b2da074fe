import type { DownloadSessionId, ItemId, LibraryId, UpdateSessionId } from "../../domain/ids.ts";
import type { Catalog, CatalogReader, Change, ChangeSet } from "../../ports/index.ts";
import { catalogWith } from "../catalog-with.ts";
import type { Ownership } from "./owner.ts";

/** Where a session belongs and whose it is, which never changes. */
export interface SessionPlace extends Ownership {
  readonly itemId: ItemId;
}

/** Most objects of a kind whose place is remembered; the one that was learned longest ago goes first. */
const PLACES_MAX = 50_000;

class Remembered<Id extends string, Place> {
  readonly #places = new Map<Id, Place>();

  get(id: Id): Place | undefined {
    return this.#places.get(id);
  }

  learn(id: Id, place: Place): Place {
    if (this.#places.has(id)) return place;
    if (this.#places.size >= PLACES_MAX) {
      const oldest = this.#places.keys().next();
      if (oldest.done !== true) this.#places.delete(oldest.value);
    }
    this.#places.set(id, place);
    return place;
  }
}

type PlaceReader = Pick<CatalogReader, "findItem" | "findSessionHead" | "findDownload">;

/**
 * Which library an item is in, and which item and whose a session is. Neither ever changes and no id is used twice, so what was
 * learned once holds; that an object is still there is for others to find out.
 */
export class Places {
  readonly #catalog: PlaceReader;
  readonly #items = new Remembered<ItemId, LibraryId>();
  readonly #sessions = new Remembered<UpdateSessionId | DownloadSessionId, SessionPlace>();

  constructor(catalog: PlaceReader) {
    this.#catalog = catalog;
  }

  /** Where a session belongs, and its library, if both are in memory; else undefined. */
  known(
    id: UpdateSessionId | DownloadSessionId,
  ): { readonly place: SessionPlace; readonly libraryId: LibraryId } | undefined {
    const place = this.#sessions.get(id);
    const libraryId = place === undefined ? undefined : this.#items.get(place.itemId);
    return place === undefined || libraryId === undefined ? undefined : { place, libraryId };
  }

  /** Null for an item that is not there and was not asked for while it was. */
  async libraryOf(id: ItemId): Promise<LibraryId | null> {
    const known = this.#items.get(id);
    if (known !== undefined) return known;
    const row = await this.#catalog.findItem(id);
    return row === null ? null : this.learnItem(row.value);
  }

  async updateSession(id: UpdateSessionId): Promise<SessionPlace | null> {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const row = await this.#catalog.findSessionHead(id);
    return row === null ? null : this.learnSession(row.value);
  }

  async downloadSession(id: DownloadSessionId): Promise<SessionPlace | null> {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const row = await this.#catalog.findDownload(id);
    return row === null ? null : this.learnSession(row.value);
  }

  learnItem({ id, libraryId }: { readonly id: ItemId; readonly libraryId: LibraryId }): LibraryId {
    return this.#items.learn(id, libraryId);
  }

  learnSession({
    id,
    itemId,
    ownerId,
    tokenId,
  }: SessionPlace & { readonly id: UpdateSessionId | DownloadSessionId }): SessionPlace {
    return this.#sessions.learn(id, {
      itemId,
      ownerId,
      ...(tokenId === undefined ? {} : { tokenId }),
    });
  }

  /** Learns what committed changes put where. */
  learnChanges(changes: ChangeSet): void {
    for (const change of changes) this.#learnChange(change);
  }

  #learnChange(change: Change): void {
    switch (change.kind) {
      case "item.put":
        this.learnItem(change.item);
        return;
      case "session.create":
      case "download.put":
        this.learnSession(change.session);
        return;
      default:
        return;
    }
  }
}

/** The catalog, from which the places learn by the way: who makes or reads an object need not be asked for its place again. */
export const learningCatalog = (inner: Catalog, places: Places): Catalog => {
  const ways: Pick<
    Catalog,
    "commit" | "findItem" | "findSession" | "findSessionHead" | "findDownload"
  > = {
    commit: async (changes) => {
      const outcome = await inner.commit(changes);
      if (outcome.kind === "committed") places.learnChanges(changes);
      return outcome;
    },
    findItem: async (id) => {
      const row = await inner.findItem(id);
      if (row !== null) places.learnItem(row.value);
      return row;
    },
    findSession: async (id) => {
      const row = await inner.findSession(id);
      if (row !== null) places.learnSession(row.value);
      return row;
    },
    findSessionHead: async (id) => {
      const row = await inner.findSessionHead(id);
      if (row !== null) places.learnSession(row.value);
      return row;
    },
    findDownload: async (id) => {
      const row = await inner.findDownload(id);
      if (row !== null) places.learnSession(row.value);
      return row;
    },
  };
  return catalogWith(inner, ways);
};
