import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResumeStore } from "../resume-store.ts";

/** More than any note has, in bytes: what is longer is none. */
const NOTE_BYTES_MAX = 16 * 1024 * 1024;
/** How long a note is kept that no push has changed, in milliseconds: its session has expired long before. */
const NOTE_KEPT_MS = 30 * 24 * 60 * 60 * 1_000;
const NOTE_NAME = /^[0-9a-f]{64}\.json(\.[0-9a-f-]{36}\.part)?$/;

/**
 * Notes of pushes as small files of a directory, which is made when it is needed. Each is readable by its user only, and written in
 * one step: a program that dies leaves the old note or the new one. A file that is no note counts as none. Notes of pushes that nobody went on
 * with go after a month. Methods reject with the
 * errors of the file system, except that what is not there is null.
 */
export function fileResumeStore(directory: string): ResumeStore {
  let hasTidied = false;
  const pathOf = (key: string): string =>
    join(directory, `${createHash("sha256").update(key).digest("hex")}.json`);
  return {
    async load(key) {
      return parseNote(await readFile(pathOf(key), "utf8").catch(nothingThere), key);
    },
    async save(key, state) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const part = `${pathOf(key)}.${randomUUID()}.part`;
      try {
        await writeFile(part, JSON.stringify({ key, state }), { mode: 0o600, flag: "wx" });
        await rename(part, pathOf(key));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      if (hasTidied) return;
      hasTidied = true;
      // The note is written. What can not be tidied up now is old tomorrow, too.
      await removeOld(directory, pathOf(key)).catch(() => undefined);
    },
    async drop(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

/** Removes what is much older than the note that was just written. */
async function removeOld(directory: string, newest: string): Promise<void> {
  const { mtimeMs: now } = await stat(newest);
  for (const name of (await readdir(directory)).filter((each) => NOTE_NAME.test(each))) {
    const path = join(directory, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < now - NOTE_KEPT_MS) await rm(path, { force: true });
  }
}

function nothingThere(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
  throw error;
}

/** The note in the text, if it is one of this key. */
function parseNote(text: string, key: string): unknown {
  try {
    const note: unknown = text.length > NOTE_BYTES_MAX ? null : JSON.parse(text);
    const isOwn = typeof note === "object" && note !== null && "key" in note && note.key === key;
    return isOwn && "state" in note ? note.state : null;
  } catch {
    return null;
  }
}
