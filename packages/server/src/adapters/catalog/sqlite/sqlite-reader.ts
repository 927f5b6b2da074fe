import type { AuditCriteria, AuditPage } from "../../../domain/audit-entry.ts";
import type { Configuration } from "../../../domain/configuration.ts";
import type { DownloadSession } from "../../../domain/download-session.ts";
import type {
  AccountId,
  CertificateId,
  DownloadSessionId,
  ItemId,
  LibraryId,
  SubscriptionId,
  UpdateSessionId,
} from "../../../domain/ids.ts";
import type { Item, ItemFile } from "../../../domain/item.ts";
import type { Library } from "../../../domain/library.ts";
import type { RevisionHead } from "../../../domain/revision.ts";
import type { Subscription } from "../../../domain/subscription.ts";
import type { TrustedCertificate } from "../../../domain/trusted-certificate.ts";
import type { KeptPartial, KeptPartialKey } from "../../../domain/kept-partial.ts";
import type { PartialUpload, UploadEntry } from "../../../domain/partial-upload.ts";
import type { SessionFile, UpdateSession } from "../../../domain/update-session.ts";
import {
  type BlobHolder,
  type BlobWish,
  type CatalogReader,
  type NamedItem,
  type Pages,
  type Row,
  type SessionRow,
} from "../../../ports/catalog.ts";
import { AccessReader } from "./access-reader.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { Reads } from "./connection.ts";
import { KeptPartials } from "./kept-partials.ts";
import type { IdLists } from "./id-lists.ts";
import { nameKey } from "../../../domain/names.ts";
import { findItemsSql, findLibrariesSql, READ_SQL, WHOLE_TABLE_SQL } from "./read-sql.ts";
import {
  type BodyRow,
  downloadRowOf,
  fileRowOf,
  type NamedItemRow,
  partialOf,
  type PartialRow,
  type RevisionHeadRow,
  revisionHeadOf,
  rowOf,
  rowOrNull,
  type SessionBodyRow,
  type SessionWithFilesRow,
  updateSessionRowOf,
  valueOf,
  valueOrNull,
  type ValueRow,
} from "./rows.ts";
import type { SessionHeads } from "./session-heads.ts";

/** The values of the criteria that were given, in the order in which the statement takes them. */
const given = (...values: readonly (string | undefined)[]): readonly string[] =>
  values.filter((value) => value !== undefined);

const keyOf = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : nameKey(name);

/** Sessions of one page of the list of all: bodies, other than ids, are too much for a thousand of them at once. */
const SESSIONS_READ_MAX = 200;

/** The row of a session with its place in the order of creation. */
interface NumberedSessionRow extends SessionBodyRow {
  readonly seq: number;
}

type DownloadScope = Parameters<CatalogReader["listActiveDownloads"]>[0];

/** What a reader reads by. */
export interface ReaderParts {
  readonly reads: Reads;
  readonly lists: IdLists;
  readonly trail: AuditTrail;
  readonly heads: SessionHeads;
}

/** Reads by prepared statements, each short enough for the calling thread; only long lists of ids and the audit trail go elsewhere. */
export class SqliteReader extends AccessReader implements CatalogReader {
  readonly #reads: Reads;
  readonly #lists: IdLists;
  readonly #trail: AuditTrail;
  readonly #heads: SessionHeads;
  readonly #kept: KeptPartials;

  constructor(parts: ReaderParts) {
    super(parts.reads);
    this.#reads = parts.reads;
    this.#lists = parts.lists;
    this.#trail = parts.trail;
    this.#heads = parts.heads;
    this.#kept = new KeptPartials(parts.reads);
  }

  async findLibrary(id: LibraryId): Promise<Row<Library> | null> {
    return rowOrNull<Library>(this.#reads.get<BodyRow>(READ_SQL.library, id));
  }

  listLibraryIds(type?: Library["type"]): Pages<LibraryId> {
    return this.findLibraryIds(type === undefined ? {} : { type });
  }

  findLibraryIds(criteria: {
    readonly name?: string;
    readonly type?: Library["type"];
  }): Pages<LibraryId> {
    const { name, type } = criteria;
    const sql = findLibrariesSql({ name: name !== undefined, type: type !== undefined });
    return this.#lists.pages<LibraryId>({ sql, values: given(keyOf(name), type) });
  }

  async findItem(id: ItemId): Promise<Row<Item> | null> {
    return rowOrNull<Item>(this.#reads.get<BodyRow>(READ_SQL.item, id));
  }

  async findItemByName(libraryId: LibraryId, name: string): Promise<NamedItem | null> {
    const row = this.#reads.get<NamedItemRow>(READ_SQL.itemOfName, libraryId, nameKey(name));
    return row === undefined ? null : { ...rowOf<Item>(row), past: row.past };
  }

  async findBlobHolder(
    { digest, sizeBytes }: BlobWish,
    libraryIds: ReadonlySet<LibraryId> | null,
  ): Promise<BlobHolder | null> {
    const row =
      libraryIds === null
        ? this.#reads.get<BlobHolder>(READ_SQL.blobHolder, digest, sizeBytes)
        : this.#reads.get<BlobHolder>(
            READ_SQL.blobHolderInLibraries,
            digest,
            sizeBytes,
            JSON.stringify([...libraryIds]),
          );
    return row === undefined ? null : { itemId: row.itemId, rev: row.rev };
  }

  listItemIds(libraryId: LibraryId): Pages<ItemId> {
    return this.#lists.pages<ItemId>({ sql: READ_SQL.itemsOfLibrary, values: [libraryId] });
  }

  findItemIds(criteria: {
    readonly name?: string;
    readonly libraryId?: LibraryId;
    readonly type?: string;
    readonly libraryIds?: readonly LibraryId[];
    readonly libraryType?: Library["type"];
  }): Pages<ItemId> {
    const { name, libraryId, type, libraryIds, libraryType } = criteria;
    const { sql, isNarrow } = findItemsSql({
      name: name !== undefined,
      library: libraryId !== undefined,
      type: type !== undefined,
      libraries: libraryIds !== undefined,
      libraryType: libraryType !== undefined,
    });
    const libraries = libraryIds === undefined ? undefined : JSON.stringify(libraryIds);
    const values = given(keyOf(name), libraryId, keyOf(type), libraries, libraryType);
    const query = { sql, values };
    return isNarrow
      ? this.#lists.pages<ItemId>(query)
      : this.#lists.pagesFromElsewhere<ItemId>(query);
  }

  async listRevisions(itemId: ItemId): Promise<readonly RevisionHead[]> {
    return this.#reads.all<RevisionHeadRow>(READ_SQL.revisionHeads, itemId).map(revisionHeadOf);
  }

  async findRevision(itemId: ItemId, contentVersion: number): Promise<RevisionHead | null> {
    const row = this.#reads.get<RevisionHeadRow>(READ_SQL.revisionHead, itemId, contentVersion);
    return row === undefined ? null : revisionHeadOf(row);
  }

  async findRevisionFiles(
    itemId: ItemId,
    contentVersion: number,
  ): Promise<readonly ItemFile[] | null> {
    const row = this.#reads.get<ValueRow>(READ_SQL.revisionFiles, itemId, contentVersion);
    return valueOrNull<readonly ItemFile[]>(row);
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

  async findSubscription(id: SubscriptionId): Promise<Row<Subscription> | null> {
    return rowOrNull<Subscription>(this.#reads.get<BodyRow>(READ_SQL.subscription, id));
  }

  async listSubscriptions(libraryId: LibraryId): Promise<readonly Row<Subscription>[]> {
    const rows = this.#reads.all<BodyRow>(READ_SQL.subscriptionsOfLibrary, libraryId);
    return rows.map((row) => rowOf<Subscription>(row));
  }

  async findCertificate(id: CertificateId): Promise<TrustedCertificate | null> {
    return valueOrNull<TrustedCertificate>(this.#reads.get<ValueRow>(READ_SQL.certificate, id));
  }

  async listCertificates(): Promise<readonly TrustedCertificate[]> {
    const rows = this.#reads.all<ValueRow>(WHOLE_TABLE_SQL.certificates);
    return rows.map((row) => valueOf<TrustedCertificate>(row));
  }

  async findConfiguration(): Promise<Row<Configuration> | null> {
    return rowOrNull<Configuration>(this.#reads.get<BodyRow>(READ_SQL.configuration));
  }

  async listAudit(
    criteria: AuditCriteria,
    page: Parameters<CatalogReader["listAudit"]>[1],
  ): Promise<AuditPage> {
    return await this.#trail.list(criteria, page);
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
