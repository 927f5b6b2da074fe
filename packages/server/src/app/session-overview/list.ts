import type { SessionOverview } from "@contentlib/contract";
import type { DownloadSession } from "../../domain/download-session.ts";
import { viewDownloadFile } from "../../domain/download-session/file.ts";
import type { ItemId, LibraryId } from "../../domain/ids.ts";
import { viewSessionFile } from "../../domain/session-file/view.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import { type Handler, LongList } from "../call.ts";
import type { Core } from "../core.ts";
import type { ExpiryCore } from "../duties/expire-sessions.ts";
import { expireSessions } from "../duties/expire-sessions.ts";
import { PAGE_LENGTH_MAX } from "../../ports/index.ts";
import { presentTime } from "../present.ts";
import { current } from "../update-session/access.ts";
import { progressIn } from "../update-session-file/access.ts";

type OverviewCore = ExpiryCore & Pick<Core, "catalog" | "live" | "downloads" | "time">;

/** What a page has at least, unless it is the last. */
const PAGE_ROWS_MIN = 200;

type Place = Pick<SessionOverview, "item_name" | "library_id" | "library_name">;

/** Where the sessions of one page are; each item and library is read once. */
class PlacesOfPage {
  readonly #catalog: Core["catalog"];
  readonly #items = new Map<ItemId, Promise<Place>>();
  readonly #libraries = new Map<LibraryId, Promise<Place>>();

  constructor(catalog: Core["catalog"]) {
    this.#catalog = catalog;
  }

  of(itemId: ItemId): Promise<Place> {
    const known = this.#items.get(itemId);
    if (known !== undefined) return known;
    const read = this.#readItem(itemId);
    this.#items.set(itemId, read);
    return read;
  }

  async #readItem(itemId: ItemId): Promise<Place> {
    const row = await this.#catalog.findItem(itemId);
    if (row === null) return {};
    const { name, libraryId } = row.value;
    const known = this.#libraries.get(libraryId);
    const library = known ?? this.#readLibrary(libraryId);
    this.#libraries.set(libraryId, library);
    return { item_name: name, ...(await library) };
  }

  async #readLibrary(libraryId: LibraryId): Promise<Place> {
    const row = await this.#catalog.findLibrary(libraryId);
    return row === null ? {} : { library_id: libraryId, library_name: row.value.name };
  }
}

type Shown<Session> = Exclude<Session, { readonly state: "EXPIRED" }>;

const presentFacts = (
  session: Shown<UpdateSession> | Shown<DownloadSession>,
  place: Place,
): Omit<SessionOverview, "kind" | "bytes_transferred"> => ({
  session_id: session.id,
  state: session.state,
  user_id: session.ownerId,
  user: session.ownerName,
  ...(session.tokenId === undefined ? {} : { token_id: session.tokenId }),
  library_item_id: session.itemId,
  ...place,
  creation_time: presentTime(session.createdAt),
  expiration_time: presentTime(session.expiresAt),
  ...(session.state === "ACTIVE" ? {} : { end_time: presentTime(session.endedAt) }),
  client_progress: session.clientProgress,
});

const sum = (counts: readonly number[]): number =>
  counts.reduce((total, count) => total + count, 0);

const presentUpdate = async (
  core: OverviewCore,
  session: Shown<UpdateSession>,
  places: PlacesOfPage,
): Promise<SessionOverview> => {
  const row = await core.catalog.findSession(session.id);
  const find = await progressIn(core, session.id);
  const received = (row?.files ?? []).flatMap(({ value: file }) =>
    file.source !== "NONE" ? [viewSessionFile(file, find(file.entryId)).bytesTransferred] : [],
  );
  return {
    ...presentFacts(current(core, session), await places.of(session.itemId)),
    kind: "UPDATE",
    bytes_transferred: sum(received),
  };
};

const presentDownload = async (
  core: OverviewCore,
  session: Shown<DownloadSession>,
  places: PlacesOfPage,
): Promise<SessionOverview> => ({
  ...presentFacts(session, await places.of(session.itemId)),
  kind: "DOWNLOAD",
  bytes_transferred: sum(
    session.files.map(
      (file, index) =>
        viewDownloadFile(file, core.downloads.sentBytes(session.id, index)).bytesTransferred,
    ),
  ),
});

/** Update sessions page by page; after them the download sessions that are ACTIVE, of which there are few. */
const pagesOf = async function* (
  core: OverviewCore,
  state: SessionOverview["state"] | undefined,
): AsyncGenerator<readonly SessionOverview[], void> {
  for await (const page of core.catalog.listAllSessions(state)) {
    const places = new PlacesOfPage(core.catalog);
    const shown = page.filter((session) => session.state !== "EXPIRED");
    const rows = await Promise.all(shown.map((each) => presentUpdate(core, each, places)));
    if (rows.length > 0) yield rows;
  }
  if (state !== undefined && state !== "ACTIVE") return;
  const { downloads } = await core.catalog.housekeeping.listActive();
  const active = downloads.flatMap(({ value }) => (value.state === "ACTIVE" ? [value] : []));
  for (let start = 0; start < active.length; start += PAGE_LENGTH_MAX) {
    const places = new PlacesOfPage(core.catalog);
    const page = active.slice(start, start + PAGE_LENGTH_MAX);
    yield await Promise.all(page.map((each) => presentDownload(core, each, places)));
  }
};

/** Pages put together until there is enough for one: what is short is answered as a whole. */
const filled = async function* (
  pages: AsyncIterable<readonly SessionOverview[]>,
): AsyncGenerator<readonly SessionOverview[], void> {
  let held: readonly SessionOverview[] = [];
  for await (const page of pages) {
    held = [...held, ...page];
    if (held.length < PAGE_ROWS_MIN) continue;
    yield held;
    held = [];
  }
  if (held.length > 0) yield held;
};

/** The sessions of everybody, for administrators; those whose time is up are ended first. */
export const listSessionOverviews =
  (core: OverviewCore): Handler<"sessionOverview.list"> =>
  async ({ state }) => {
    await expireSessions(core);
    return new LongList(filled(pagesOf(core, state)));
  };
