import { join } from "node:path";
import { RandomIdSource } from "@contentlib/server/adapters/ids/random-id-source";
import { SystemClock } from "@contentlib/server/adapters/clock/system-clock";
import { openSqliteCatalog } from "@contentlib/server/adapters/catalog/sqlite/sqlite-catalog";
import { ROLES } from "@contentlib/contract/vocabulary";
import type { Account } from "@contentlib/server/domain/account";
import type { LibraryId } from "@contentlib/server/domain/ids";
import type { Item } from "@contentlib/server/domain/item";
import type { Library } from "@contentlib/server/domain/library";
import type { Catalog, Change } from "@contentlib/server/ports/index";

const CATALOG_FILE = "catalog.sqlite";
/** Over how many libraries items are spread where nothing else is asked for. */
const LIBRARIES = 10;
const CHANGES_PER_COMMIT = 2_000;
/** No seeded session ends while it is measured. */
const SESSION_LIFE_MS = 24 * 60 * 60_000;

/** An item, with an ACTIVE session on it where one was asked for. */
export interface SeededItem {
  readonly id: string;
  readonly libraryId: string;
  readonly name: string;
  /** Empty where there is none. */
  readonly sessionId: string;
}

interface Seeder {
  readonly ids: RandomIdSource;
  readonly now: number;
  readonly owner: Account;
}

const newLibrary = ({ ids, now }: Seeder, index: number): Library => ({
  id: ids.libraryId(),
  type: "LOCAL",
  name: `library ${String(index)}`,
  description: "",
  createdAt: now,
  modifiedAt: now,
  version: 1,
  storageBackings: [{ type: "OTHER" }],
});

const newItem = ({ ids, now }: Seeder, library: Library, name: string): Item => ({
  id: ids.itemId(),
  libraryId: library.id,
  name,
  description: "made for a measurement",
  type: "iso",
  createdAt: now,
  modifiedAt: now,
  version: 1,
  metadataVersion: 1,
  contentVersion: 1,
  files: [],
});

const newSession = (
  { ids, now, owner }: Seeder,
  item: Item,
): Extract<Change, { kind: "session.create" }> => ({
  kind: "session.create",
  files: [],
  session: {
    id: ids.updateSessionId(),
    ownerId: owner.id,
    ownerName: owner.name,
    itemId: item.id,
    itemContentVersion: item.contentVersion,
    createdAt: now,
    clientProgress: 0,
    expiresAt: now + SESSION_LIFE_MS,
    state: "ACTIVE",
  },
});

async function commit(catalog: Catalog, changes: readonly Change[]): Promise<void> {
  const outcome = await catalog.commit(changes);
  if (outcome.kind !== "committed") throw new Error(`The seed clashes: ${outcome.reason}.`);
}

/** How much is seeded. */
export interface SeedSize {
  readonly items: number;
  readonly libraries?: number;
  /** How many of the items have an ACTIVE session; all of them where nothing is said. */
  readonly sessions?: number;
  /** Who is there beside the administrator; nobody where nothing is said. */
  readonly people?: SeededPeople;
}

/** Accounts, and grants of all roles to them, each on one of the libraries. */
export interface SeededPeople {
  readonly accounts: number;
  /** At most as many for each account as there are libraries. */
  readonly grants: number;
}

async function seedItems(
  catalog: Catalog,
  seeder: Seeder,
  { items: count, libraries: libraryCount = LIBRARIES, sessions = count }: SeedSize,
): Promise<SeededItem[]> {
  const libraries = Array.from({ length: libraryCount }, (_, index) => newLibrary(seeder, index));
  await commit(
    catalog,
    libraries.map((library) => ({ kind: "library.put", library, rev: null })),
  );
  const seeded: SeededItem[] = [];
  let changes: Change[] = [];
  for (let n = 0; n < count; n += 1) {
    const library = libraries[n % libraries.length];
    if (library === undefined) throw new Error("There is at least one library.");
    const item = newItem(seeder, library, `item ${String(n)}`);
    const opened = n < sessions ? newSession(seeder, item) : null;
    changes.push({ kind: "item.put", item, rev: null });
    if (opened !== null) changes.push(opened);
    seeded.push({
      id: item.id,
      libraryId: library.id,
      name: item.name,
      sessionId: opened?.session.id ?? "",
    });
    if (changes.length < CHANGES_PER_COMMIT && n < count - 1) continue;
    await commit(catalog, changes);
    changes = [];
  }
  return seeded;
}

async function seedPeople(
  catalog: Catalog,
  seeder: Seeder,
  { people, items }: { readonly people: SeededPeople; readonly items: readonly SeededItem[] },
): Promise<void> {
  const { ids, now, owner } = seeder;
  const accounts = Array.from({ length: people.accounts }, (_, index): Account => {
    const name = `user${String(index)}`;
    return { ...owner, id: ids.accountId(), name, createdAt: now };
  });
  const libraryIds = [...new Set(items.map(({ libraryId }) => libraryId))] as LibraryId[];
  const changes: Change[] = accounts.map((account) => ({
    kind: "account.put",
    account,
    rev: null,
  }));
  for (let n = 0; n < people.grants; n += 1) {
    const account = accounts[n % accounts.length];
    // Each account meets each of its libraries once.
    const libraryId = libraryIds[(n + Math.floor(n / accounts.length)) % libraryIds.length];
    const role = ROLES[n % ROLES.length];
    if (account === undefined || libraryId === undefined || role === undefined)
      throw new Error("There are accounts, libraries and roles.");
    const subject = { kind: "account", id: account.id } as const;
    const grant = { id: ids.grantId(), subject, role, libraryId, createdAt: now };
    changes.push({ kind: "grant.put", grant });
  }
  for (let from = 0; from < changes.length; from += CHANGES_PER_COMMIT)
    await commit(catalog, changes.slice(from, from + CHANGES_PER_COMMIT));
}

/** Fills the data directory of a stopped server with items of its administrator, straight into the catalog. */
export async function seed(dataDirectory: string, size: SeedSize): Promise<readonly SeededItem[]> {
  const ids = new RandomIdSource();
  const clock = new SystemClock();
  const catalog = await openSqliteCatalog({
    file: join(dataDirectory, CATALOG_FILE),
    now: () => clock.now(),
    newServerGuid: () => ids.accountId(),
  });
  try {
    const owner = await catalog.findAccountByName("administrator");
    if (owner === null) throw new Error("A server that was started has an administrator.");
    const seeder = { ids, now: clock.now(), owner: owner.value };
    const items = await seedItems(catalog, seeder, size);
    if (size.people !== undefined)
      await seedPeople(catalog, seeder, { people: size.people, items });
    return items;
  } finally {
    await catalog.close();
  }
}
