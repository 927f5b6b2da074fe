import type { AuditCriteria, AuditPage } from "../../../domain/audit-entry.ts";
import type { Configuration } from "../../../domain/configuration.ts";
import type { CertificateId, ItemId, LibraryId, SubscriptionId } from "../../../domain/ids.ts";
import type { Item, ItemFile } from "../../../domain/item.ts";
import type { Library } from "../../../domain/library.ts";
import type { RevisionHead } from "../../../domain/revision.ts";
import type { Subscription } from "../../../domain/subscription.ts";
import type { Secret } from "../../../domain/secret.ts";
import type { TrustedCertificate } from "../../../domain/trusted-certificate.ts";
import type { VerifiedContent } from "../../../domain/package.ts";
import type { BlobHolder, BlobWish, CatalogReader } from "../../../ports/catalog-reader.ts";
import type { Pages } from "../../../ports/pages.ts";
import type { NamedItem, Row } from "../../../ports/row.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { Reads } from "./connection.ts";
import type { IdLists } from "./id-lists.ts";
import { nameKey } from "../../../domain/names.ts";
import { findItemsSql, findLibrariesSql, READ_SQL, WHOLE_TABLE_SQL } from "./read-sql.ts";
import {
  type BodyRow,
  type NamedItemRow,
  type RevisionHeadRow,
  revisionHeadOf,
  rowOf,
  rowOrNull,
  valueOf,
  valueOrNull,
  type ValueRow,
} from "./rows.ts";
import { SessionReader, type SessionReaderParts } from "./session-reader.ts";

/** The values of the criteria that were given, in the order in which the statement takes them. */
const given = (...values: readonly (string | undefined)[]): readonly string[] =>
  values.filter((value) => value !== undefined);

const keyOf = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : nameKey(name);

/** What a reader reads by. */
export interface ReaderParts extends SessionReaderParts {
  readonly trail: AuditTrail;
}

/** Reads by prepared statements, each short enough for the calling thread; only long lists of ids and the audit trail go elsewhere. */
export class SqliteReader extends SessionReader implements CatalogReader {
  readonly #reads: Reads;
  readonly #lists: IdLists;
  readonly #trail: AuditTrail;

  constructor(parts: ReaderParts) {
    super(parts);
    this.#reads = parts.reads;
    this.#lists = parts.lists;
    this.#trail = parts.trail;
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

  async findVerifiedContent(
    itemId: ItemId,
    contentVersion: number,
  ): Promise<VerifiedContent | null> {
    const row = this.#reads.get<ValueRow>(READ_SQL.verifiedContent, itemId, contentVersion);
    return valueOrNull<VerifiedContent>(row);
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

  async findSecret(name: string): Promise<Secret | null> {
    return valueOrNull<Secret>(this.#reads.get<ValueRow>(READ_SQL.secret, name));
  }

  async listSecrets(): Promise<readonly Secret[]> {
    const rows = this.#reads.all<ValueRow>(WHOLE_TABLE_SQL.secrets);
    return rows.map((row) => valueOf<Secret>(row));
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
}
