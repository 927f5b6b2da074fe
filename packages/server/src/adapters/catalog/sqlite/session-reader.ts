import type { DownloadSession } from "../../../domain/download-session.ts";
import type {
  AccountId,
  DownloadSessionId,
  ItemId,
  LibraryId,
  UpdateSessionId,
} from "../../../domain/ids.ts";
import type { KeptPartial, KeptPartialKey } from "../../../domain/kept-partial.ts";
import type { PartialUpload, UploadEntry } from "../../../domain/partial-upload.ts";
import type { SessionFile, UpdateSession } from "../../../domain/update-session.ts";
import type { CatalogReader } from "../../../ports/catalog-reader.ts";
import type { Pages } from "../../../ports/pages.ts";
import type { Row, SessionRow } from "../../../ports/row.ts";
import { AccessReader } from "./access-reader.ts";
import type { Reads } from "./connection.ts";
import { KeptPartials } from "./kept-partials.ts";
import type { IdLists } from "./id-lists.ts";
import { READ_SQL, WHOLE_TABLE_SQL } from "./read-sql.ts";
import {
  type BodyRow,
  downloadRowOf,
  fileRowOf,
  partialOf,
  type PartialRow,
  type SessionBodyRow,
  type SessionWithFilesRow,
  updateSessionRowOf,
} from "./rows.ts";
import type { SessionHeads } from "./session-heads.ts";

/** Sessions of one page of the list of all: bodies, other than ids, are too much for a thousand of them at once. */
const SESSIONS_READ_MAX = 200;

/** The row of a session with its place in the order of creation. */
interface NumberedSessionRow extends SessionBodyRow {
  readonly seq: number;
}

type DownloadScope = Parameters<CatalogReader["listActiveDownloads"]>[0];

/** The part of the reading side that tells of sessions, their files, and the bytes that have come for them. */
type SessionMethods = Pick<
  CatalogReader,
  | `find${"Session" | "SessionHead" | "SessionFile" | "ActiveSession" | "Download"}`
  | "findNamedFile"
  | "countSessionFiles"
  | `find${"Partial" | "Fence" | "KeptPartial"}`
  | `list${"Partials" | "KeptPartials" | "SessionIds" | "AllSessions" | "ActiveSessions"}`
  | `list${"DownloadIds" | "ActiveDownloads"}`
>;

/** What sessions are read by. */
export interface SessionReaderParts {
  readonly reads: Reads;
  readonly lists: IdLists;
  readonly heads: SessionHeads;
}

/** Reads update sessions and download sessions by prepared statements. */
export class SessionReader extends AccessReader implements SessionMethods {
  readonly #reads: Reads;
  readonly #lists: IdLists;
  readonly #heads: SessionHeads;
  readonly #kept: KeptPartials;

  constructor(parts: SessionReaderParts) {
    super(parts.reads);
    this.#reads = parts.reads;
    this.#lists = parts.lists;
    this.#heads = parts.heads;
    this.#kept = new KeptPartials(parts.reads);
  }

  async findSession(id: UpdateSessionId): Promise<SessionRow | null> {
    return this.#reads.snapshot(() => {
      const row = this.#reads.get<SessionWithFilesRow>(READ_SQL.session, id);
      if (row === undefined) return null;
      const files = this.#reads.all<BodyRow>(READ_SQL.sessionFiles, id);
      return { ...updateSessionRowOf(row), filesRev: row.files_rev, files: files.map(fileRowOf) };
    });
  }

  async findSessionHead(id: UpdateSessionId): Promise<Row<UpdateSession> | null> {
    return this.#heads.find(id, () => this.#updateSession(READ_SQL.sessionHead, id));
  }

  async findSessionFile({ sessionId, entryId }: UploadEntry): Promise<Row<SessionFile> | null> {
    const row = this.#reads.get<BodyRow>(READ_SQL.sessionFileOfEntry, sessionId, entryId);
    return row === undefined ? null : fileRowOf(row);
  }

  async findNamedFile(sessionId: UpdateSessionId, name: string): Promise<Row<SessionFile> | null> {
    const row = this.#reads.get<BodyRow>(READ_SQL.sessionFileNamed, sessionId, name);
    const file = row === undefined ? null : fileRowOf(row);
    // What can not be written as UTF-8 is another name to the database than it is here.
    return file?.value.name === name ? file : null;
  }

  async countSessionFiles(sessionId: UpdateSessionId): Promise<number> {
    return this.#reads.get<{ count: number }>(READ_SQL.sessionFileCount, sessionId)?.count ?? 0;
  }

  async findPartial({ sessionId, entryId }: UploadEntry): Promise<PartialUpload | null> {
    const row = this.#reads.get<PartialRow>(READ_SQL.partial, sessionId, entryId);
    return row === undefined ? null : partialOf(sessionId, row);
  }

  async findFence({ sessionId, entryId }: UploadEntry): Promise<number> {
    return this.#reads.get<PartialRow>(READ_SQL.partial, sessionId, entryId)?.fence ?? 0;
  }

  async listPartials(sessionId: UpdateSessionId): Promise<readonly PartialUpload[]> {
    const rows = this.#reads.all<PartialRow>(READ_SQL.partialsOfSession, sessionId);
    return rows.flatMap((row) => partialOf(sessionId, row) ?? []);
  }

  async findKeptPartial(key: KeptPartialKey): Promise<KeptPartial | null> {
    return this.#kept.find(key);
  }

  async listKeptPartials(sessionId: UpdateSessionId): Promise<readonly KeptPartial[]> {
    return this.#kept.ofSession(sessionId);
  }

  async findActiveSession(itemId: ItemId): Promise<Row<UpdateSession> | null> {
    return this.#updateSession(READ_SQL.activeSession, itemId);
  }

  listSessionIds(ownerId: AccountId, itemId?: ItemId): Pages<UpdateSessionId> {
    return this.#lists.pages<UpdateSessionId>(
      itemId === undefined
        ? { sql: READ_SQL.sessionsOfOwner, values: [ownerId] }
        : { sql: READ_SQL.sessionsOfOwnerAndItem, values: [ownerId, itemId] },
    );
  }

  async *listAllSessions(
    state?: UpdateSession["state"],
  ): AsyncGenerator<readonly UpdateSession[], void, undefined> {
    if (state === "EXPIRED") return;
    let after = 0;
    for (;;) {
      const rows =
        state === undefined
          ? this.#reads.all<NumberedSessionRow>(READ_SQL.sessionsFrom, after, SESSIONS_READ_MAX)
          : this.#reads.all<NumberedSessionRow>(
              READ_SQL.sessionsOfStateFrom,
              after,
              state,
              SESSIONS_READ_MAX,
            );
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.seq;
      yield rows.map((row) => updateSessionRowOf(row).value);
    }
  }

  async listActiveSessions(
    scope: { readonly libraryId: LibraryId } | { readonly ownerId: AccountId },
  ): Promise<readonly Row<UpdateSession>[]> {
    const rows =
      "ownerId" in scope
        ? this.#reads.all<SessionBodyRow>(READ_SQL.activeSessionsOfOwner, scope.ownerId)
        : this.#reads.all<SessionBodyRow>(WHOLE_TABLE_SQL.activeSessionsOfLibrary, scope.libraryId);
    return rows.map(updateSessionRowOf);
  }

  async findDownload(id: DownloadSessionId): Promise<Row<DownloadSession> | null> {
    const row = this.#reads.get<SessionBodyRow>(READ_SQL.download, id);
    return row === undefined ? null : downloadRowOf(row);
  }

  listDownloadIds(ownerId: AccountId, itemId?: ItemId): Pages<DownloadSessionId> {
    return this.#lists.pages<DownloadSessionId>(
      itemId === undefined
        ? { sql: READ_SQL.downloadsOfOwner, values: [ownerId] }
        : { sql: READ_SQL.downloadsOfOwnerAndItem, values: [ownerId, itemId] },
    );
  }

  async listActiveDownloads(scope: DownloadScope): Promise<readonly Row<DownloadSession>[]> {
    return this.#activeDownloads(scope).map(downloadRowOf);
  }

  #activeDownloads(scope: DownloadScope): readonly SessionBodyRow[] {
    if ("itemId" in scope) return this.#reads.all(READ_SQL.activeDownloadsOfItem, scope.itemId);
    if ("ownerId" in scope) return this.#reads.all(READ_SQL.activeDownloadsOfOwner, scope.ownerId);
    return this.#reads.all(WHOLE_TABLE_SQL.activeDownloadsOfLibrary, scope.libraryId);
  }

  #updateSession(sql: string, key: string): Row<UpdateSession> | null {
    const row = this.#reads.get<SessionBodyRow>(sql, key);
    return row === undefined ? null : updateSessionRowOf(row);
  }
}
