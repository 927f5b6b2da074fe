import { openDiskBlobStore } from "../adapters/blobs/disk/disk-blob-store.ts";
import { MemoryBlobStore } from "../adapters/blobs/memory/memory-blob-store.ts";
import { NewerCatalogError } from "../adapters/catalog/sqlite/migrations.ts";
import { openMemoryCatalog, openSqliteCatalog } from "../adapters/catalog/sqlite/sqlite-catalog.ts";
import type { OnSync } from "../adapters/blobs/disk/timed-file-system.ts";
import { realFileSystem } from "../adapters/blobs/disk/file-system.ts";
import { timedFileSystem } from "../adapters/blobs/disk/timed-file-system.ts";
import type { CommitTimes } from "../adapters/metrics/server-metrics.ts";
import type { BlobStore, Catalog, Clock, IdSource } from "../ports/index.ts";
import { PortError } from "../ports/index.ts";
import type { DataDirectory } from "./data-directory.ts";
import { StartError } from "./start-error.ts";

/** Where catalog and bytes are kept. */
export interface Storage {
  readonly catalog: Catalog;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

/** Storage that says how much it has to do. */
export interface OwnStorage extends Storage {
  load(): StorageLoad;
}

export interface StorageLoad {
  /** Writes of the catalog that wait or are under way. */
  readonly writes: number;
  /** Syncs of arriving bytes that wait or are under way. */
  readonly syncs: number;
  /** Uploads on threads of their own. */
  readonly threadTransfers: number;
}

/** Who is told how long the storage takes. */
export interface StorageWatch {
  committed(times: CommitTimes): void;
  written(durationMs: number): void;
  synced: OnSync;
}

interface StorageNeeds {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly watch?: StorageWatch;
}

const catalogOptionsOf = ({ clock, ids, watch }: StorageNeeds) => ({
  now: () => clock.now(),
  newServerGuid: () => ids.accountId(),
  onCommit: (times: CommitTimes) => watch?.committed(times),
  onWritten: (durationMs: number) => watch?.written(durationMs),
});

const STORE_FOLDER = "store";
/** The file in a data directory that makes it one. */
export const CATALOG_FILE = "catalog.sqlite";

const explained = (directory: DataDirectory, error: unknown): unknown => {
  if (error instanceof NewerCatalogError) {
    return new StartError(
      `The data directory ${directory.path} was made by a newer version of contentlib (tables ${error.foundVersion}, this one knows ${error.knownVersion}): update contentlib, or choose another directory with --data.`,
      { cause: error },
    );
  }
  if (!(error instanceof PortError)) return error;
  return new StartError(
    `The data directory ${directory.path} can not be opened: ${error.message}`,
    { cause: error },
  );
};

/** Catalog and bytes on the local disk. */
export const openDiskStorage = async (
  directory: DataDirectory,
  needs: StorageNeeds,
): Promise<OwnStorage> => {
  const { clock, watch } = needs;
  try {
    const blobs = await openDiskBlobStore({
      directory: directory.place(STORE_FOLDER),
      clock,
      fileSystem: timedFileSystem(realFileSystem, (object, ms) => watch?.synced(object, ms)),
    });
    const file = directory.place(CATALOG_FILE);
    const catalog = await openSqliteCatalog({ file, ...catalogOptionsOf(needs) });
    return {
      catalog,
      blobs,
      load: () => ({ writes: catalog.waitingWrites, ...blobs.load }),
      close: async () => {
        await catalog.close();
        await blobs.close();
      },
    };
  } catch (error) {
    throw explained(directory, error);
  }
};

/** Catalog and bytes in memory, gone with the process. */
export const openMemoryStorage = async (needs: StorageNeeds): Promise<OwnStorage> => {
  const catalog = await openMemoryCatalog(catalogOptionsOf(needs));
  return {
    catalog,
    blobs: new MemoryBlobStore(needs),
    load: () => ({ writes: catalog.waitingWrites, syncs: 0, threadTransfers: 0 }),
    close: async () => await catalog.close(),
  };
};
