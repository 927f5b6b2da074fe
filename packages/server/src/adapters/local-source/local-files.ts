import type { BigIntStats } from "node:fs";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, open, readlink, realpath } from "node:fs/promises";

/** What is asked of the file system. A test may put something in between. */
export interface LocalFiles {
  /** The path without symbolic links. */
  realPathOf(path: string): Promise<string>;
  /** What is there, without following it. */
  statusOf(path: string): Promise<BigIntStats>;
  /** Opens a file to be read. Fails where it is a symbolic link, and does not wait where it is a pipe. */
  open(path: string): Promise<FileHandle>;
  /** Where an open file lies, as far as the system can tell; null where it can not. */
  placeOf(file: FileHandle): Promise<string | null>;
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** The system's own. */
export const SYSTEM_FILES: LocalFiles = {
  realPathOf: async (path) => await realpath(path),
  statusOf: async (path) => await lstat(path, { bigint: true }),
  open: async (path) => await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
  placeOf: async ({ fd }) => {
    try {
      return await readlink(`/proc/self/fd/${fd}`);
    } catch {
      // Only Linux has this; the caller looks another way.
      return null;
    }
  },
};
