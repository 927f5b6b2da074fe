import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";

/** What the catalog takes of the disk, and what is left of it; all in bytes. */
export interface DiskFigures {
  readonly freeBytes: number;
  readonly sizeBytes: number;
  readonly databaseBytes: number;
  readonly logBytes: number;
}

const sizeOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    // SQLite removes its log when nobody has the database open.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
};

/** Reads the figures of the file system on which a catalog lies. Rejects where it can not be asked. */
export const readDisk = async (catalogFile: string): Promise<DiskFigures> => {
  const [{ bavail, blocks, bsize }, databaseBytes, logBytes] = await Promise.all([
    statfs(dirname(catalogFile)),
    sizeOf(catalogFile),
    sizeOf(`${catalogFile}-wal`),
  ]);
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize, databaseBytes, logBytes };
};
