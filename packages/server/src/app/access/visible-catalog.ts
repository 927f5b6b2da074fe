import type { Rights } from "../../domain/access/rights.ts";
import { covers, roleOn, visibleLibraries } from "../../domain/access/rights.ts";
import { InvariantError } from "../../domain/invariant.ts";
import type {
  AccountId,
  DownloadSessionId,
  LibraryId,
  TokenId,
  UpdateSessionId,
} from "../../domain/ids.ts";
import type { Catalog, Pages } from "../../ports/index.ts";
import { catalogWith } from "../catalog-with.ts";
import { isOwnSession } from "./owner.ts";
import type { Places, SessionPlace } from "./places.ts";

/** Who looks. */
export interface Viewer {
  readonly accountId: AccountId;
  readonly tokenId?: TokenId;
  readonly rights: Rights;
}

/** The pages without what the sieve does not let through; none is empty. */
const sifted = async function* <Value>(
  pages: Pages<Value>,
  isKept: (value: Value) => boolean | Promise<boolean>,
): AsyncGenerator<readonly Value[], void> {
  for await (const page of pages) {
    const kept: Value[] = [];
    for (const value of page) if (await isKept(value)) kept.push(value);
    if (kept.length > 0) yield kept;
  }
};

/** Pages of nothing. */
const none = async function* <Value>(): AsyncGenerator<readonly Value[], void> {
  // Without a page.
};

/** Items of the libraries that can be seen, and of the one that is asked for, if that is. */
const itemsOf = (
  visible: ReadonlySet<LibraryId>,
  asked: LibraryId | undefined,
): readonly LibraryId[] => {
  if (asked === undefined) return [...visible];
  return visible.has(asked) ? [asked] : [];
};

/** Whether a session shows in the viewer's list of his own: he may look at it there, too. */
const listsSession = async (
  place: SessionPlace | null,
  places: Places,
  viewer: Viewer,
): Promise<boolean> => {
  // It went since.
  if (place === null) return false;
  const libraryId = await places.libraryOf(place.itemId);
  if (isOwnSession(viewer, place))
    return libraryId === null || roleOn(viewer.rights, libraryId) !== null;
  return covers(roleOn(viewer.rights, libraryId), "editor");
};

/**
 * The catalog with the libraries, items and lists of sessions that the viewer may see: an operation over it lists and refuses just as if no others
 * had ever been. Single sessions are all there, because whoever lists his own ends those of others whose time is up.
 */
export const seenCatalog = (inner: Catalog, places: Places, viewer: Viewer): Catalog => {
  const { rights } = viewer;
  const visible = visibleLibraries(rights);
  const sees = (id: LibraryId): boolean => roleOn(rights, id) !== null;
  const libraries = (pages: Pages<LibraryId>): Pages<LibraryId> =>
    visible === null ? pages : sifted(pages, sees);
  return catalogWith(inner, {
    findLibrary: async (id) => (sees(id) ? await inner.findLibrary(id) : null),
    findItem: async (id) => {
      const row = await inner.findItem(id);
      return row !== null && sees(row.value.libraryId) ? row : null;
    },
    listSessionIds: (ownerId, itemId) =>
      sifted(inner.listSessionIds(ownerId, itemId), async (id: UpdateSessionId) =>
        listsSession(await places.updateSession(id), places, viewer),
      ),
    listDownloadIds: (ownerId, itemId) =>
      sifted(inner.listDownloadIds(ownerId, itemId), async (id: DownloadSessionId) =>
        listsSession(await places.downloadSession(id), places, viewer),
      ),
    listLibraryIds: (type) => libraries(inner.listLibraryIds(type)),
    findLibraryIds: (criteria) => libraries(inner.findLibraryIds(criteria)),
    findItemIds: (criteria) => {
      if (visible === null) return inner.findItemIds(criteria);
      const libraryIds = itemsOf(visible, criteria.libraryId);
      return libraryIds.length === 0 ? none() : inner.findItemIds({ ...criteria, libraryIds });
    },
  });
};

/**
 * The seen catalog without the sessions and grants, too, that the viewer may not see: an operation on one of them says that there
 * is none in its own words and its own order, so that nothing gives the hidden ones away. It can not write: whoever names what
 * is not there changes nothing.
 */
export const hidingCatalog = (seen: Catalog, places: Places, viewer: Viewer): Catalog => {
  const { rights } = viewer;
  const sees = async (session: SessionPlace): Promise<boolean> => {
    const libraryId = await places.libraryOf(session.itemId);
    return libraryId === null ? isOwnSession(viewer, session) : roleOn(rights, libraryId) !== null;
  };
  const visibleRow = async <Row extends { readonly value: SessionPlace }>(
    row: Row | null,
  ): Promise<Row | null> => (row !== null && (await sees(row.value)) ? row : null);
  return catalogWith(seen, {
    findSession: async (id) => await visibleRow(await seen.findSession(id)),
    findSessionHead: async (id) => await visibleRow(await seen.findSessionHead(id)),
    findDownload: async (id) => await visibleRow(await seen.findDownload(id)),
    // What a call made under a right that is gone, it made out of sight.
    findClientToken: () => Promise.resolve(null),
    findGrant: async (id) => {
      const grant = await seen.findGrant(id);
      return grant !== null && roleOn(rights, grant.libraryId ?? null) !== null ? grant : null;
    },
    commit: () => {
      throw new InvariantError("An operation on what its caller may not see must not write.");
    },
  });
};
