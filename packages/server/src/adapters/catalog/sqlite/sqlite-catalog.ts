import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Instant, Sha256, UpdateSessionId } from "../../../domain/ids.ts";
import type { Catalog } from "../../../ports/catalog.ts";
import type { ChangeSet, CommitOutcome, PinOutcome } from "../../../ports/change.ts";
import { type After, systemAfter } from "./after.ts";
import { AuditTrail } from "./audit-trail.ts";
import { Connection } from "./connection.ts";
import { IdLists } from "./id-lists.ts";
import { InlineListSource, WorkerListSource } from "./list-source.ts";
import { openTables } from "./open-tables.ts";
import { RowCounts } from "./row-counts.ts";
import { SqliteHousekeeping } from "./sqlite-housekeeping.ts";
import { SessionHeads } from "./session-heads.ts";
import { type ReaderParts, SqliteReader } from "./sqlite-reader.ts";
import { TurnReads } from "./turn-reads.ts";
import { siblingModule, WorkerCalls } from "./worker-calls.ts";
import type { GroupFigures } from "./write-engine.ts";
import type { WriteRequest } from "./write-requests.ts";
import type { WriteWorkerData } from "./write-worker.ts";
import { inlineWriteCalls, Writer } from "./writer.ts";

/*
 *   request ─ commit ─▶ CallQueue ─ one message a turn ─▶ write worker ─▶ BEGIN
 *                                                                          SAVEPOINT  set 1   kept
 *                                                                          SAVEPOINT  set 2   clash: undone
 *                                                                          SAVEPOINT  set 3   kept
 *   answers  ◀──────── CallQueue ◀─ one message a group ── write worker ◀─ COMMIT (synced)
 *
 *   request ─ find, list ─▶ one read transaction a turn, in this thread ─ long lists ─▶ list worker, page by page
 *             the audit trail ─▶ list worker, step by step
 *             heads of sessions ─▶ as they were last read, as long as nothing is being written
 */

export interface CatalogOptions {
  /** The instant of a write; blobs that lose their last reference are unreferenced since then. */
  readonly now: () => Instant;
  /** A fresh UUID, taken as the server's identity if the catalog has none yet. */
  readonly newServerGuid: () => string;
  /** Tells when waits are over; the system's timer where nothing is said. */
  readonly after?: After;
  /** How much long lists may hold together, in bytes; enough for a server of any size where nothing is said. */
  readonly heldListBytesMax?: number;
  /** Told what a group of writes took that shared one commit. */
  readonly onCommit?: (figures: GroupFigures) => void;
  /** Told how long a write took its caller, in milliseconds. */
  readonly onWritten?: (durationMs: number) => void;
}

interface Parts extends ReaderParts {
  readonly writer: Writer;
  readonly counts: RowCounts;
  /** Gives back the reading connection where it is not the writer's own. */
  readonly closeReader: () => void;
}

/** The catalog on SQLite. What it reads is read in this thread; what it writes is written wherever its writer says. */
export class SqliteCatalog extends SqliteReader implements Catalog {
  readonly housekeeping: SqliteHousekeeping;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    super(parts);
    this.#parts = parts;
    this.housekeeping = new SqliteHousekeeping(parts);
  }

  /** Writes that are waiting, or being written. */
  get waitingWrites(): number {
    return this.#parts.writer.waiting;
  }

  async commit(changes: ChangeSet): Promise<CommitOutcome> {
    return await this.#parts.writer.write<"commit">({ kind: "commit", changes });
  }

  async pin(holder: UpdateSessionId, digests: readonly Sha256[]): Promise<PinOutcome> {
    return await this.#parts.writer.write<"pin">({ kind: "pin", holder, digests });
  }

  async unpin(holder: UpdateSessionId): Promise<void> {
    await this.#parts.writer.write<"unpin">({ kind: "unpin", holder });
  }

  /** Ends the writes made so far. The writer closes last: only then does it copy the log into the database and remove it. */
  async close(): Promise<void> {
    await this.#parts.lists.close();
    this.#parts.closeReader();
    await this.#parts.writer.close();
  }
}

const listOptionsOf = ({ after = systemAfter, heldListBytesMax }: CatalogOptions) => ({
  after,
  ...(heldListBytesMax === undefined ? {} : { heldBytesMax: heldListBytesMax }),
});

/** Makes the names of files that SQLite has just created safe from a power cut; Windows has no such call, and no need. */
const syncDirectory = (directory: string): void => {
  if (process.platform === "win32") return;
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/**
 * Opens the catalog in `file`, made if it is missing. Throws `NewerCatalogError` when a newer version of the program made it,
 * else a `PortError`. That no other process has it open is for the caller to see to.
 */
export const openSqliteCatalog = async (
  options: CatalogOptions & { readonly file: string },
): Promise<SqliteCatalog> => {
  const { file, now } = options;
  const workerData: WriteWorkerData = { file, newServerGuid: options.newServerGuid() };
  const calls = await WorkerCalls.start<WriteRequest>(siblingModule("write-worker"), {
    workerData,
    now,
    onFigures: (figures) => options.onCommit?.(figures as GroupFigures),
  });
  try {
    syncDirectory(dirname(file));
    const reads = new TurnReads(Connection.openReader(file));
    const source = new WorkerListSource(file);
    const heads = new SessionHeads();
    return new SqliteCatalog({
      reads,
      lists: new IdLists({ reads, source, ...listOptionsOf(options) }),
      trail: new AuditTrail(source),
      counts: new RowCounts(source),
      heads,
      writer: new Writer(calls, {
        writeBegins: () => heads.writeBegins(),
        writeEnds: (durationMs) => {
          reads.renew();
          heads.writeEnds();
          options.onWritten?.(durationMs);
        },
      }),
      closeReader: () => reads.close(),
    });
  } catch (error) {
    await calls.close();
    throw error;
  }
};

/** A catalog in memory, gone when it is closed: the same statements and groups without a thread or a file. */
export const openMemoryCatalog = async (options: CatalogOptions): Promise<SqliteCatalog> => {
  const connection = openTables(":memory:", options.newServerGuid());
  const source = new InlineListSource(connection);
  const heads = new SessionHeads();
  return await Promise.resolve(
    new SqliteCatalog({
      reads: connection,
      lists: new IdLists({ reads: connection, source, ...listOptionsOf(options) }),
      trail: new AuditTrail(source),
      counts: new RowCounts(source),
      heads,
      writer: new Writer(inlineWriteCalls(connection, options), {
        writeBegins: () => heads.writeBegins(),
        writeEnds: (durationMs) => {
          heads.writeEnds();
          options.onWritten?.(durationMs);
        },
      }),
      closeReader: () => undefined,
    }),
  );
};
