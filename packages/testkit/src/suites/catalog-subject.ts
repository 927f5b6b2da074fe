import assert from "node:assert/strict";
import type { Instant, Sha256 } from "@contentlib/server/domain/ids";
import type { Item, ItemFile } from "@contentlib/server/domain/item";
import type { Library } from "@contentlib/server/domain/library";
import type { ActiveUpdateSession, SessionFile } from "@contentlib/server/domain/update-session";
import type { Catalog, Change, ClashReason, SessionRow } from "@contentlib/server/ports/catalog";
import { BUILT_AT } from "../builders/ids.ts";
import { aLibrary, anItem } from "../builders/libraries.ts";
import { anUpdateSession } from "../builders/sessions.ts";

/** A fresh catalog, and how to give it back. */
export interface OpenedCatalog {
  readonly catalog: Catalog;
  close(): Promise<void>;
}

/** How an adapter lets the suite make its catalogs. */
export interface CatalogSubject {
  /** Opens an empty catalog that asks `now` for the instant of a write. */
  open(now: () => Instant): Promise<OpenedCatalog>;
}

/** A fresh catalog that outlives its process. */
export interface OpenedDurableCatalog extends OpenedCatalog {
  /** Opens what a power cut at this moment would leave, beside the running catalog. */
  openAfterPowerCut(): Promise<OpenedCatalog>;
  /** Closes the catalog in good order and opens it again. */
  reopen(): Promise<OpenedCatalog>;
}

/** How an adapter lets the suite make catalogs that outlive their process. */
export interface DurableCatalogSubject extends CatalogSubject {
  open(now: () => Instant): Promise<OpenedDurableCatalog>;
}

/** A wall clock that moves only when a test moves it. */
export interface HandClock {
  now: Instant;
}

/** Runs a test's body with a catalog of its own. */
export const withCatalog = async (
  subject: CatalogSubject,
  body: (catalog: Catalog, clock: HandClock) => Promise<void>,
): Promise<void> => {
  const clock: HandClock = { now: BUILT_AT };
  const opened = await subject.open(() => clock.now);
  try {
    await body(opened.catalog, clock);
  } finally {
    await opened.close();
  }
};

/** Commits the changes and insists that they are kept. */
export const commit = async (catalog: Catalog, ...changes: readonly Change[]): Promise<void> => {
  assert.deepEqual(await catalog.commit(changes), { kind: "committed" });
};

/** Commits the changes and insists that they clash for that reason. */
export const commitClashing = async (
  catalog: Catalog,
  reason: ClashReason,
  ...changes: readonly Change[]
): Promise<void> => {
  assert.deepEqual(await catalog.commit(changes), { kind: "clash", reason });
};

/** Stores a library. */
export const storeLibrary = async (
  catalog: Catalog,
  over: Partial<Library> = {},
): Promise<Library> => {
  const library = aLibrary(over);
  await commit(catalog, { kind: "library.put", library, rev: null });
  return library;
};

/** Stores an item, in a library of its own unless told otherwise. */
export const storeItem = async (catalog: Catalog, over: Partial<Item> = {}): Promise<Item> => {
  const libraryId = over.libraryId ?? (await storeLibrary(catalog)).id;
  const item = anItem({ ...over, libraryId });
  await commit(catalog, { kind: "item.put", item, rev: null });
  return item;
};

/** Stores an item that holds one file of that digest. */
export const storeItemHolding = async (catalog: Catalog, file: ItemFile): Promise<Item> =>
  await storeItem(catalog, { files: [file] });

/** Stores an ACTIVE session of the item with these files. */
export const storeSession = async (
  catalog: Catalog,
  item: Item,
  files: readonly SessionFile[] = [],
  over: Partial<ActiveUpdateSession> = {},
): Promise<ActiveUpdateSession> => {
  const session = anUpdateSession({
    itemContentVersion: item.contentVersion,
    ...over,
    itemId: item.id,
  });
  await commit(catalog, { kind: "session.create", session, files });
  return session;
};

/** The session as stored; it must be there. */
export const readSession = async (
  catalog: Catalog,
  id: ActiveUpdateSession["id"],
): Promise<SessionRow> => {
  const row = await catalog.findSession(id);
  assert.ok(row, "the session is not there");
  return row;
};

/** All digests that nothing holds by now. */
export const unreferenced = async (catalog: Catalog): Promise<readonly Sha256[]> =>
  await catalog.housekeeping.listUnreferenced(Number.MAX_SAFE_INTEGER, 1_000);

/** Whether nothing has held the digest since that very instant: not a millisecond less, and no longer. */
export const isIdleSince = async (
  catalog: Catalog,
  digest: Sha256,
  since: Instant,
): Promise<boolean> => {
  const before = await catalog.housekeeping.listUnreferenced(since - 1, 1_000);
  const then = await catalog.housekeeping.listUnreferenced(since, 1_000);
  return then.includes(digest) && !before.includes(digest);
};
