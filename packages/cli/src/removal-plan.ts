import type { Client, ItemModel, LibraryModel } from "@contentlib/client";
import { itemAddress, libraryAddress } from "./address-form.ts";
import type { ItemPlace } from "./address.ts";
import { ifThere, present } from "./if-there.ts";
import { inBatches } from "./in-batches.ts";
import { countOf, formatBytes, shellWord } from "./output.ts";
import { findSession } from "./session.ts";

/** A session that ends when its item goes. */
export interface EndingSession {
  readonly id: string;
  readonly kind: string;
  /** Whose it is; absent for one of the caller's own where only those are known. */
  readonly user?: string;
}

/** What goes with an item. */
export interface ItemRemoval {
  readonly address: string;
  readonly id: string;
  readonly name: string;
  readonly library: { readonly id: string; readonly name: string };
  readonly content_version: string;
  /** Bytes of its files. */
  readonly size: number;
  readonly files: readonly { readonly name: string; readonly size: number }[];
  /** Content versions that it had, the newest first, as far back as they are told. */
  readonly versions: readonly string[];
  readonly sessions: readonly EndingSession[];
}

/** The ACTIVE sessions of items: everybody's where the caller may see them, else the caller's own. */
export interface SessionsSeen {
  readonly whose: "everybody" | "own";
  of(itemId: string): Promise<readonly EndingSession[]>;
}

/** Finds out which sessions the caller may see. Asked once for all items. */
export async function seeSessions(client: Client, signal: AbortSignal): Promise<SessionsSeen> {
  const all = await everybodys(client, signal);
  if (all === null) {
    return { whose: "own", of: async (itemId) => await ownSessions(client, itemId, signal) };
  }
  return {
    whose: "everybody",
    of: async (itemId) =>
      await Promise.resolve(
        all
          .filter((one) => one.library_item_id === itemId)
          .map(({ session_id: id, kind, user }) => ({ id, kind: kind.toLowerCase(), user })),
      ),
  };
}

/** Null for whoever is no administrator, and at servers of another make, which do not tell. */
async function everybodys(client: Client, signal: AbortSignal) {
  if ((await client.serverVersion(signal)) === null) return null;
  try {
    return await client.sessionOverview.list({ state: "ACTIVE" }, { signal });
  } catch (error) {
    const faultClass = error instanceof Error && "class" in error ? error.class : undefined;
    if (faultClass === undefined || faultClass === "unauthenticated") throw error;
    return null;
  }
}

async function ownSessions(
  client: Client,
  itemId: string,
  signal: AbortSignal,
): Promise<readonly EndingSession[]> {
  const filter = { library_item_id: itemId };
  const ids = [
    ...(await client.updateSession.list(filter, { signal })),
    ...(await client.downloadSession.list(filter, { signal })),
  ];
  const found = await inBatches(ids, async (id) => await findSession(client, id, signal));
  return present(found)
    .filter(({ session }) => session.state === "ACTIVE")
    .map(({ kind, session }) => ({ id: session.id, kind }));
}

/** What goes when this item is removed. */
export async function planItemRemoval(
  client: Client,
  { library, item }: ItemPlace,
  { sessions, signal }: { readonly sessions: SessionsSeen; readonly signal: AbortSignal },
): Promise<ItemRemoval> {
  const files = await client.itemFile.list({ library_item_id: item.id }, { signal });
  const isOurs = (await client.serverVersion(signal)) !== null;
  const changes = isOurs
    ? await ifThere(client.itemChange.list({ library_item: item.id }, { signal }))
    : null;
  return {
    address: itemAddress(library.name, item.name),
    id: item.id,
    name: item.name,
    library: { id: library.id, name: library.name },
    content_version: item.content_version,
    size: files.reduce((sum, { size }) => sum + size, 0),
    files: files.map(({ name, size }) => ({ name, size })),
    versions: (changes ?? []).map(({ version }) => version),
    sessions: await sessions.of(item.id),
  };
}

/** What goes when this library is removed: every item it holds. */
export async function planLibraryRemoval(
  client: Client,
  library: LibraryModel,
  signal: AbortSignal,
): Promise<readonly ItemRemoval[]> {
  const sessions = await seeSessions(client, signal);
  const ids = await client.item.list({ library_id: library.id }, { signal });
  const items: (ItemModel | null)[] = await inBatches(
    ids,
    async (id) => await ifThere(client.item.get({ library_item_id: id }, { signal })),
  );
  return await inBatches(
    present(items),
    async (item) => await planItemRemoval(client, { library, item }, { sessions, signal }),
  );
}

/** The lines that tell what goes with one item. */
export const removalLines = (removal: ItemRemoval): readonly string[] => [
  `${shellWord(removal.address)}: ${removalSummary(removal)}`,
  ...removal.files.map(({ name, size }) => `  file     ${name}  ${formatBytes(size)}`),
  ...removal.sessions.map(
    ({ id, kind, user }) =>
      `  session  ${id}  ${kind}, active${user === undefined ? "" : `, of ${user}`}`,
  ),
];

/** What goes with an item, in half a line. */
export const removalSummary = ({ files, size, versions, sessions }: ItemRemoval): string =>
  [
    `${countOf(files.length, "file")} (${formatBytes(size)})`,
    countOf(versions.length, "version"),
    ...(sessions.length === 0 ? [] : [countOf(sessions.length, "active session")]),
  ].join(", ");

/** What goes with a library, in one line. */
export const librarySummary = (name: string, items: readonly ItemRemoval[]): string =>
  `${shellWord(libraryAddress(name))}: ${countOf(items.length, "item")} (${formatBytes(
    items.reduce((sum, { size }) => sum + size, 0),
  )})`;
