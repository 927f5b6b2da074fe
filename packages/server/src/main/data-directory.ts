import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError, systemCodeOf } from "./start-error.ts";

/** A data directory that this process alone may use until it is closed. */
export interface DataDirectory {
  readonly path: string;
  /** The path of a file or folder in it. */
  place(name: string): string;
  close(): void;
}

const LOCK_FILE = "lock";
const OWNER_FILE = "server.pid";
const SQLITE_BUSY = 5;
const PRIVATE_DIRECTORY_MODE = 0o700;

/** The locks of this process: a database that nothing refers to is closed by the garbage collector, and its lock goes with it. */
const heldLocks = new Set<DatabaseSync>();

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;

const ownerOf = (directory: string): string => {
  try {
    return ` (process ${readFileSync(join(directory, OWNER_FILE), "utf8").trim()})`;
  } catch {
    return "";
  }
};

/**
 * Holds a lock that the operating system takes back when the process ends, however it ends: an exclusive transaction that never
 * writes. A file with a process id alone could not tell a dead owner from another process of the same number.
 */
const lock = (directory: string): DatabaseSync => {
  const database = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
    heldLocks.add(database);
    return database;
  } catch (error) {
    database.close();
    if (!isBusy(error)) throw error;
    throw new StartError(
      `The data directory ${directory} is in use by another server${ownerOf(directory)}: stop that one, or choose another directory with --data.`,
      { cause: error },
    );
  }
};

/** Makes the directory where it is missing, readable by its owner only, and takes it for this process. */
export const openDataDirectory = (path: string): DataDirectory => {
  let held: DatabaseSync | undefined;
  const release = (): void => {
    if (held === undefined) return;
    heldLocks.delete(held);
    held.close();
    held = undefined;
  };
  try {
    if (mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY_MODE }) !== undefined)
      chmodSync(path, PRIVATE_DIRECTORY_MODE);
    held = lock(path);
    writeFileSync(join(path, OWNER_FILE), `${process.pid}\n`);
  } catch (error) {
    release();
    if (error instanceof StartError) throw error;
    const reason = systemCodeOf(error) ?? (error instanceof Error ? error.message : "unknown");
    throw new StartError(
      `The data directory ${path} can not be used (${reason}): make it writable, or choose another with --data.`,
      {
        cause: error,
      },
    );
  }
  return {
    path,
    place: (name) => join(path, name),
    close: () => {
      if (held === undefined) return;
      rmSync(join(path, OWNER_FILE), { force: true });
      release();
    },
  };
};
