import { openDiskBlobStore } from "../adapters/blobs/disk/disk-blob-store.ts";
import { MemoryBlobStore } from "../adapters/blobs/memory/memory-blob-store.ts";
import { NewerCatalogError } from "../adapters/catalog/sqlite/migrations.ts";
import { openMemoryCatalog, openSqliteCatalog } from "../adapters/catalog/sqlite/sqlite-catalog.ts";
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
  clock: Clock,
  ids: IdSource,
): Promise<Storage> => {
  try {
    const blobs = await openDiskBlobStore({ directory: directory.place(STORE_FOLDER), clock });
    const catalog = await openSqliteCatalog({
      file: directory.place(CATALOG_FILE),
      now: () => clock.now(),
      newServerGuid: () => ids.accountId(),
    });
    return {
      catalog,
      blobs,
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
export const openMemoryStorage = async (clock: Clock, ids: IdSource): Promise<Storage> => {
  const catalog = await openMemoryCatalog({
    now: () => clock.now(),
    newServerGuid: () => ids.accountId(),
  });
  return {
    catalog,
    blobs: new MemoryBlobStore({ clock }),
    close: async () => await catalog.close(),
  };
};
