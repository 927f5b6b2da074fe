import type { AccessToken, Account, Login } from "../../../domain/account.ts";
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
import type { UpdateSession } from "../../../domain/update-session.ts";
import type {
  CatalogReader,
  ClientTokenKey,
  Pages,
  Row,
  SessionRow,
} from "../../../ports/catalog.ts";
import type { Reads } from "./connection.ts";
import type { IdLists } from "./id-lists.ts";
import { nameKey } from "../../../domain/names.ts";
import { findItemsSql, findLibrariesSql, READ_SQL, WHOLE_TABLE_SQL } from "./read-sql.ts";
import {
  type BodyRow,
  downloadRowOf,
  fileRowOf,
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

/** What a reader reads by. */
export interface ReaderParts {
  readonly reads: Reads;
  readonly lists: IdLists;
  readonly heads: SessionHeads;
}

/** Reads by prepared statements, each short enough for the calling thread; only long lists of ids go elsewhere. */
export class SqliteReader implements CatalogReader {
  readonly #reads: Reads;
  readonly #lists: IdLists;
  readonly #heads: SessionHeads;

  constructor(parts: ReaderParts) {
    this.#reads = parts.reads;
    this.#lists = parts.lists;
    this.#heads = parts.heads;
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

  listItemIds(libraryId: LibraryId): Pages<ItemId> {
    return this.#lists.pages<ItemId>({ sql: READ_SQL.itemsOfLibrary, values: [libraryId] });
  }

  findItemIds(criteria: {
    readonly name?: string;
    readonly libraryId?: LibraryId;
    readonly type?: string;
    readonly libraryType?: Library["type"];
  }): Pages<ItemId> {
    const { name, libraryId, type, libraryType } = criteria;
    const { sql, isNarrow } = findItemsSql({
      name: name !== undefined,
      library: libraryId !== undefined,
      type: type !== undefined,
      libraryType: libraryType !== undefined,
    });
    const query = { sql, values: given(keyOf(name), libraryId, keyOf(type), libraryType) };
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

  async listActiveSessions(scope: {
    readonly libraryId: LibraryId;
  }): Promise<readonly Row<UpdateSession>[]> {
    const rows = this.#reads.all<SessionBodyRow>(
      WHOLE_TABLE_SQL.activeSessionsOfLibrary,
      scope.libraryId,
    );
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

  async listActiveDownloads(
    scope: { readonly itemId: ItemId } | { readonly libraryId: LibraryId },
  ): Promise<readonly Row<DownloadSession>[]> {
    const rows =
      "itemId" in scope
        ? this.#reads.all<SessionBodyRow>(READ_SQL.activeDownloadsOfItem, scope.itemId)
        : this.#reads.all<SessionBodyRow>(
            WHOLE_TABLE_SQL.activeDownloadsOfLibrary,
            scope.libraryId,
          );
    return rows.map(downloadRowOf);
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

  async findClientToken(key: ClientTokenKey): Promise<string | null> {
    const { accountId, operation, token } = key;
    const row = this.#reads.get<{ readonly result_id: string }>(
      READ_SQL.clientToken,
      accountId,
      operation,
      token,
    );
    return row?.result_id ?? null;
  }

  async findAccountByName(name: string): Promise<Row<Account> | null> {
    return rowOrNull<Account>(this.#reads.get<BodyRow>(READ_SQL.accountByName, name));
  }

  async findAccount(id: AccountId): Promise<Row<Account> | null> {
    return rowOrNull<Account>(this.#reads.get<BodyRow>(READ_SQL.account, id));
  }

  async findLogin(idHash: string): Promise<Login | null> {
    const login = this.#reads.get<Login>(READ_SQL.login, idHash);
    return login === undefined ? null : { ...login };
  }

  async findToken(hash: string): Promise<AccessToken | null> {
    return valueOrNull<AccessToken>(this.#reads.get<ValueRow>(READ_SQL.token, hash));
  }

  #updateSession(sql: string, key: string): Row<UpdateSession> | null {
    const row = this.#reads.get<SessionBodyRow>(sql, key);
    return row === undefined ? null : updateSessionRowOf(row);
  }
}
