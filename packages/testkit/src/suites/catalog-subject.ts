import assert from "node:assert/strict";
import type { Grant } from "@contentlib/server/domain/access/grant";
import type { Group } from "@contentlib/server/domain/access/group";
import type { AccessToken, Account, Login } from "@contentlib/server/domain/account";
import type { Instant, Sha256 } from "@contentlib/server/domain/ids";
import type { Item, ItemFile } from "@contentlib/server/domain/item";
import type { Library } from "@contentlib/server/domain/library";
import type { ActiveUpdateSession, SessionFile } from "@contentlib/server/domain/update-session";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Change, ClashReason } from "@contentlib/server/ports/change";
import type { Pages } from "@contentlib/server/ports/pages";
import type { SessionRow } from "@contentlib/server/ports/row";
import { aGrant, aGroup, anAccessToken, anAccount, aLogin } from "../builders/accounts.ts";
import { BUILT_AT } from "../builders/ids.ts";
import { aLibrary, anItem } from "../builders/libraries.ts";
import { anUpdateSession, endedSession } from "../builders/sessions.ts";

/** Calls `ring` when that many milliseconds are over; what it returns calls it off. */
export type After = (delayMs: number, ring: () => void) => () => void;

/** A fresh catalog, and how to give it back. */
export interface OpenedCatalog {
  readonly catalog: Catalog;
  close(): Promise<void>;
}

/** How much long lists may hold together in the suite's catalogs, in bytes: a few lists of some thousand ids. */
export const SUITE_HELD_LIST_BYTES_MAX = 512 * 1024;

/** How an adapter lets the suite make its catalogs. */
export interface CatalogSubject {
  /** Opens an empty catalog whose long lists hold no more than `SUITE_HELD_LIST_BYTES_MAX` together, and that asks `now` for the instant of a write, and waits by `after` where one is given. */
  open(now: () => Instant, after?: After): Promise<OpenedCatalog>;
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
  open(now: () => Instant, after?: After): Promise<OpenedDurableCatalog>;
}

interface Alarm {
  readonly at: Instant;
  ring(): void;
}

/** A wall clock that moves only when a test moves it. */
export class HandClock {
  now: Instant = BUILT_AT;
  readonly #alarms = new Set<Alarm>();

  readonly after: After = (delayMs, ring) => {
    const alarm: Alarm = { at: this.now + delayMs, ring };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  };

  /** Lets time go by, and rings what is due. */
  pass(durationMs: number): void {
    this.now += durationMs;
    for (const alarm of [...this.#alarms].filter(({ at }) => at <= this.now)) {
      this.#alarms.delete(alarm);
      alarm.ring();
    }
  }
}

/** Runs a test's body with a catalog of its own. */
export const withCatalog = async (
  subject: CatalogSubject,
  body: (catalog: Catalog, clock: HandClock) => Promise<void>,
): Promise<void> => {
  const clock = new HandClock();
  const opened = await subject.open(() => clock.now, clock.after);
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

/** All values of a list, whatever its pages. */
export const allOf = async <Value>(pages: Pages<Value>): Promise<readonly Value[]> =>
  (await Array.fromAsync(pages)).flat();

/** Stores an account. */
export const storeAccount = async (
  catalog: Catalog,
  over: Partial<Account> = {},
): Promise<Account> => {
  const account = anAccount(over);
  await commit(catalog, { kind: "account.put", account, rev: null });
  return account;
};

/** Stores an access token, of an account of its own unless told otherwise. */
export const storeToken = async (
  catalog: Catalog,
  over: Partial<AccessToken> = {},
): Promise<AccessToken> => {
  const accountId = over.accountId ?? (await storeAccount(catalog)).id;
  const token = anAccessToken({ ...over, accountId });
  await commit(catalog, { kind: "token.put", token });
  return token;
};

/** Stores a login, of an account of its own unless told otherwise. */
export const storeLogin = async (catalog: Catalog, over: Partial<Login> = {}): Promise<Login> => {
  const accountId = over.accountId ?? (await storeAccount(catalog)).id;
  const login = aLogin({ ...over, accountId });
  await commit(catalog, { kind: "login.put", login });
  return login;
};

/** Stores a group. */
export const storeGroup = async (catalog: Catalog, over: Partial<Group> = {}): Promise<Group> => {
  const group = aGroup(over);
  await commit(catalog, { kind: "group.put", group, rev: null });
  return group;
};

/** Stores a grant, for an account of its own unless told otherwise. */
export const storeGrant = async (catalog: Catalog, over: Partial<Grant> = {}): Promise<Grant> => {
  const subject = over.subject ?? { kind: "account", id: (await storeAccount(catalog)).id };
  const grant = aGrant({ ...over, subject });
  await commit(catalog, { kind: "grant.put", grant });
  return grant;
};

/** Deletes the account as it is stored. */
export const deleteAccount = async (catalog: Catalog, id: Account["id"]): Promise<void> => {
  const rev = (await catalog.findAccount(id))?.rev ?? 0;
  await commit(catalog, { kind: "account.delete", id, rev });
};

/** Deletes the group as it is stored. */
export const deleteGroup = async (catalog: Catalog, id: Group["id"]): Promise<void> => {
  const rev = (await catalog.findGroup(id))?.rev ?? 0;
  await commit(catalog, { kind: "group.delete", id, rev });
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

/** Deletes the item as it is stored. */
export const deleteItem = async (catalog: Catalog, id: Item["id"]): Promise<void> => {
  await commit(catalog, { kind: "item.delete", id, rev: (await catalog.findItem(id))?.rev ?? 0 });
};

/** Deletes the library as it is stored. */
export const deleteLibrary = async (catalog: Catalog, id: Library["id"]): Promise<void> => {
  const rev = (await catalog.findLibrary(id))?.rev ?? 0;
  await commit(catalog, { kind: "library.delete", id, rev });
};

/** Ends the session as CANCELED. */
export const endSession = async (catalog: Catalog, session: ActiveUpdateSession): Promise<void> => {
  const { rev } = await readSession(catalog, session.id);
  await commit(catalog, {
    kind: "session.put",
    session: endedSession(session, "CANCELED"),
    rev,
  });
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
