import { randomBytes, randomUUID } from "node:crypto";
import { linkSync, openSync, closeSync, fsyncSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { PortError } from "../../ports/index.ts";

/** Bytes of a key file: as many as the MAC's hash gives. */
export const KEY_BYTES = 32;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

const findKey = (path: string): Buffer | null => {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new PortError("denied", `The key file ${path} can not be read.`, { cause: error });
  }
};

const synced = (path: string, flags: string, write: (file: number) => void): void => {
  const file = openSync(path, flags, 0o600);
  try {
    write(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Makes the file whole or not at all: a power cut never leaves a short key, and of two starters one wins. */
const createKey = (path: string): void => {
  const draft = `${path}.${randomUUID()}`;
  try {
    synced(draft, "wx", (file) => writeSync(file, randomBytes(KEY_BYTES)));
    linkSync(draft, path);
    synced(dirname(path), "r", () => undefined);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    throw new PortError(
      codeOf(error) === "ENOSPC" ? "full" : "denied",
      `The key file ${path} can not be written.`,
      {
        cause: error,
      },
    );
  } finally {
    rmSync(draft, { force: true });
  }
};

/** The key in the file at `path`, made at the first start with mode 0600. A file of another length is `corrupt`. */
export const loadOrCreateKey = (path: string): Buffer => {
  const found = findKey(path);
  if (found === null) {
    createKey(path);
    return loadOrCreateKey(path);
  }
  if (found.length !== KEY_BYTES)
    throw new PortError("corrupt", `The key file ${path} does not hold ${KEY_BYTES} bytes.`);
  return found;
};
