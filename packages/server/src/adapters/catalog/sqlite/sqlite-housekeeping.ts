import type { DownloadSession } from "../../../domain/download-session.ts";
import type { Instant, Sha256, StagedId } from "../../../domain/ids.ts";
import type { KeptPartial } from "../../../domain/kept-partial.ts";
import type { UpdateSession } from "../../../domain/update-session.ts";
import type { CatalogCounts, CatalogHousekeeping } from "../../../ports/catalog-housekeeping.ts";
import type { Row } from "../../../ports/row.ts";
import { META } from "./change-housekeeping.ts";
import type { Reads } from "./connection.ts";
import type { IdLists } from "./id-lists.ts";
import { KeptPartials } from "./kept-partials.ts";
import { READ_SQL, WHOLE_TABLE_SQL } from "./read-sql.ts";
import type { RowCounts } from "./row-counts.ts";
import { downloadRowOf, type SessionBodyRow, updateSessionRowOf } from "./rows.ts";
import type { PurgeLimits } from "./write-requests.ts";
import type { Writer } from "./writer.ts";

/** Most rows of one table that one purging transaction takes away. */
const PURGE_ROWS_MAX = 500;
/** Most digests that one transaction notes as stored. */
const NOTED_DIGESTS_MAX = 500;
/** References that are read at a time. */
const REFERENCES_PER_PAGE = 500;

interface DigestRow {
  readonly digest: Sha256;
}

interface ReferenceRow extends DigestRow {
  readonly sizeBytes: number;
  readonly holder: string;
}

interface BothKinds {
  readonly updates: readonly Row<UpdateSession>[];
  readonly downloads: readonly Row<DownloadSession>[];
}

/** Where the references of one page end and the next one begins: before every digest. */
const BEFORE_ALL = "";

export class SqliteHousekeeping implements CatalogHousekeeping {
  readonly #reads: Reads;
  readonly #lists: IdLists;
  readonly #writer: Writer;
  readonly #counts: RowCounts;

  constructor(parts: {
    readonly reads: Reads;
    readonly lists: IdLists;
    readonly writer: Writer;
    readonly counts: RowCounts;
  }) {
    this.#reads = parts.reads;
    this.#lists = parts.lists;
    this.#writer = parts.writer;
    this.#counts = parts.counts;
  }

  counts(): Promise<CatalogCounts> {
    return this.#counts.counts();
  }

  async listLapsed(at: Instant): Promise<BothKinds> {
    return this.#reads.snapshot(() => ({
      updates: this.#reads.all<SessionBodyRow>(READ_SQL.lapsedSessions, at).map(updateSessionRowOf),
      downloads: this.#reads.all<SessionBodyRow>(READ_SQL.lapsedDownloads, at).map(downloadRowOf),
    }));
  }

  async listActive(): Promise<BothKinds> {
    return this.#reads.snapshot(() => ({
      updates: this.#reads
        .all<SessionBodyRow>(WHOLE_TABLE_SQL.activeSessions)
        .map(updateSessionRowOf),
      downloads: this.#reads
        .all<SessionBodyRow>(WHOLE_TABLE_SQL.activeDownloads)
        .map(downloadRowOf),
    }));
  }

  async purge(limits: PurgeLimits): Promise<number> {
    let gone = 0;
    for (;;) {
      const step = await this.#writer.write<"purge">({
        kind: "purge",
        limits,
        rowsMax: PURGE_ROWS_MAX,
      });
      if (step === 0) return gone;
      gone += step;
    }
  }

  async listLiveStagedIds(): Promise<readonly StagedId[]> {
    const ids: StagedId[] = [];
    const query = { sql: WHOLE_TABLE_SQL.liveStagedIds, values: [] };
    for await (const page of this.#lists.pagesOfDuty<StagedId>(query)) ids.push(...page);
    return ids;
  }

  async listKeptBefore(at: Instant): Promise<readonly KeptPartial[]> {
    return new KeptPartials(this.#reads).keptBefore(at);
  }

  async listUnreferenced(unreferencedBefore: Instant, limit: number): Promise<readonly Sha256[]> {
    const rows = this.#reads.all<DigestRow>(READ_SQL.unreferenced, unreferencedBefore, limit);
    return rows.map(({ digest }) => digest);
  }

  async noteStored(digests: readonly Sha256[], at: Instant): Promise<void> {
    for (let start = 0; start < digests.length; start += NOTED_DIGESTS_MAX) {
      const some = digests.slice(start, start + NOTED_DIGESTS_MAX);
      await this.#writer.write<"note-stored">({ kind: "note-stored", digests: some, since: at });
    }
  }

  async doom(digest: Sha256): Promise<boolean> {
    return await this.#writer.write<"doom">({ kind: "doom", digest });
  }

  async settle(digest: Sha256): Promise<void> {
    await this.#writer.write<"settle">({ kind: "settle", digest });
  }

  async listDoomed(): Promise<readonly Sha256[]> {
    return this.#reads.all<DigestRow>(WHOLE_TABLE_SQL.doomed).map(({ digest }) => digest);
  }

  async *listReferences(): AsyncGenerator<ReferenceRow, void, undefined> {
    let after: string = BEFORE_ALL;
    for (;;) {
      const page = this.#reads.all<ReferenceRow>(
        WHOLE_TABLE_SQL.storedReferences,
        after,
        REFERENCES_PER_PAGE,
      );
      const last = page.at(-1);
      if (last === undefined) return;
      for (const row of page) yield { ...row };
      after = last.digest;
    }
  }

  async noteAlive(at: Instant): Promise<void> {
    await this.#writer.write<"note-alive">({ kind: "note-alive", aliveAt: at });
  }

  async lastAliveAt(): Promise<Instant | null> {
    return this.#reads.get<{ readonly value: Instant }>(READ_SQL.meta, META.aliveAt)?.value ?? null;
  }

  async serverGuid(): Promise<string> {
    const row = this.#reads.get<{ readonly value: string }>(READ_SQL.meta, META.serverGuid);
    if (row === undefined)
      throw new Error("The catalog was opened without the identity of the server.");
    return row.value;
  }
}
