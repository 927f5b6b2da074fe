import type { AccessToken, Account, Login } from "../../../domain/account.ts";
import type { DownloadSession } from "../../../domain/download-session.ts";
import type {
  AccountId,
  DownloadSessionId,
  ItemId,
  LibraryId,
  UpdateSessionId,
} from "../../../domain/ids.ts";
import type { Item } from "../../../domain/item.ts";
import type { Library } from "../../../domain/library.ts";
import type { UpdateSession } from "../../../domain/update-session.ts";
import type { CatalogReader, ClientTokenKey, Row, SessionRow } from "../../../ports/catalog.ts";
import type { Reads } from "./connection.ts";
import type { IdLists } from "./id-lists.ts";
import { nameKey } from "../../../domain/names.ts";
import { findItemsSql, findLibrariesSql, READ_SQL, WHOLE_TABLE_SQL } from "./read-sql.ts";
import {
  type BodyRow,
  downloadRowOf,
  fileRowOf,
  rowOrNull,
  type SessionBodyRow,
  type SessionWithFilesRow,
  updateSessionRowOf,
} from "./rows.ts";

/** The values of the criteria that were given, in the order in which the statement takes them. */
const given = (...values: readonly (string | undefined)[]): readonly string[] =>
  values.filter((value) => value !== undefined);

const keyOf = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : nameKey(name);

/** Reads by prepared statements, each short enough for the calling thread; only long lists of ids go elsewhere. */
export class SqliteReader implements CatalogReader {
  readonly #reads: Reads;
  readonly #lists: IdLists;

  constructor(reads: Reads, lists: IdLists) {
    this.#reads = reads;
    this.#lists = lists;
  }

  async findLibrary(id: LibraryId): Promise<Row<Library> | null> {
    return rowOrNull<Library>(this.#reads.get<BodyRow>(READ_SQL.library, id));
  }

  async listLibraryIds(type?: Library["type"]): Promise<readonly LibraryId[]> {
    return await this.findLibraryIds(type === undefined ? {} : { type });
  }

  async findLibraryIds(criteria: {
    readonly name?: string;
    readonly type?: Library["type"];
  }): Promise<readonly LibraryId[]> {
    const { name, type } = criteria;
    const sql = findLibrariesSql({ name: name !== undefined, type: type !== undefined });
    return await this.#lists.read<LibraryId>(sql, given(keyOf(name), type));
  }

  async findItem(id: ItemId): Promise<Row<Item> | null> {
    return rowOrNull<Item>(this.#reads.get<BodyRow>(READ_SQL.item, id));
  }

  async listItemIds(libraryId: LibraryId): Promise<readonly ItemId[]> {
    return await this.#lists.read<ItemId>(READ_SQL.itemsOfLibrary, [libraryId]);
  }

  async findItemIds(criteria: {
    readonly name?: string;
    readonly libraryId?: LibraryId;
    readonly type?: string;
  }): Promise<readonly ItemId[]> {
    const { name, libraryId, type } = criteria;
    const sql = findItemsSql({
      name: name !== undefined,
      library: libraryId !== undefined,
      type: type !== undefined,
    });
    return await this.#lists.read<ItemId>(sql, given(keyOf(name), libraryId, keyOf(type)));
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
    return this.#updateSession(READ_SQL.sessionHead, id);
  }

  async findActiveSession(itemId: ItemId): Promise<Row<UpdateSession> | null> {
    return this.#updateSession(READ_SQL.activeSession, itemId);
  }

  async listSessionIds(ownerId: AccountId, itemId?: ItemId): Promise<readonly UpdateSessionId[]> {
    return itemId === undefined
      ? await this.#lists.read<UpdateSessionId>(READ_SQL.sessionsOfOwner, [ownerId])
      : await this.#lists.read<UpdateSessionId>(READ_SQL.sessionsOfOwnerAndItem, [ownerId, itemId]);
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

  async listDownloadIds(
    ownerId: AccountId,
    itemId?: ItemId,
  ): Promise<readonly DownloadSessionId[]> {
    return itemId === undefined
      ? await this.#lists.read<DownloadSessionId>(READ_SQL.downloadsOfOwner, [ownerId])
      : await this.#lists.read<DownloadSessionId>(READ_SQL.downloadsOfOwnerAndItem, [
          ownerId,
          itemId,
        ]);
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
    const row = this.#reads.get<{ readonly body: string }>(READ_SQL.token, hash);
    return row === undefined ? null : (JSON.parse(row.body) as AccessToken);
  }

  #updateSession(sql: string, key: string): Row<UpdateSession> | null {
    const row = this.#reads.get<SessionBodyRow>(sql, key);
    return row === undefined ? null : updateSessionRowOf(row);
  }
}
