import { randomUUID } from "node:crypto";
import {
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { PortError } from "../ports/port-error.ts";

const PRIVATE_FILE_MODE = 0o600;

/** The system's code of an error, such as `ENOENT`; undefined for other errors. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

const synced = (path: string, flags: string, write: (file: number) => void): void => {
  const file = openSync(path, flags, PRIVATE_FILE_MODE);
  try {
    write(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Writes the content beside the file, then lets `settle` give the draft its place, and makes that last. */
const placed = (
  path: string,
  content: string | Uint8Array,
  settle: (draft: string) => void,
): void => {
  const draft = `${path}.${randomUUID()}`;
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  try {
    synced(draft, "wx", (file) => writeSync(file, bytes));
    settle(draft);
    synced(dirname(path), "r", () => undefined);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    const kind = codeOf(error) === "ENOSPC" ? "full" : "denied";
    throw new PortError(kind, `The file ${path} can not be written.`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
};

/** The bytes of the file; null where it is not there. */
export const findFile = (path: string): Buffer | null => {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new PortError("denied", `The file ${path} can not be read.`, { cause: error });
  }
};

/**
 * Makes a file that its owner alone may read, whole or not at all: a power cut never leaves half of it, and of two makers one
 * wins. A file that is there stays as it is.
 */
export const createPrivateFile = (path: string, content: string | Uint8Array): void =>
  placed(path, content, (draft) => linkSync(draft, path));

/** What the system's administrator replaces for the account that a server runs as must stay that account's. */
const keepOwner = (path: string, draft: string): void => {
  const present = statSync(path, { throwIfNoEntry: false });
  const made = statSync(draft);
  if (present === undefined || (present.uid === made.uid && present.gid === made.gid)) return;
  chownSync(draft, present.uid, present.gid);
};

/**
 * Puts a file that its owner alone may read in the place of the one that is there, in one step. Its owner stays who it was, or
 * nothing is replaced.
 */
export const replacePrivateFile = (path: string, content: string | Uint8Array): void =>
  placed(path, content, (draft) => {
    keepOwner(path, draft);
    renameSync(draft, path);
  });
