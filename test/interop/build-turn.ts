import { randomUUID } from "node:crypto";
import { link, readFile, rm, stat, writeFile } from "node:fs/promises";

/*
 * Turns are numbered files: `LOCK.0`, `LOCK.1` and so on. One is taken by making the file, which only one process can do, when
 * the turn before is over or its holder is dead. No file is ever taken away, so nobody can take away another's.
 */

/** Written into the file by who took the turn, when it is over. */
const OVER = "over";
/** How long a file may be without its holder's id, in milliseconds: it is written at once. */
const NAMELESS_MAX_MS = 10_000;
/** How long a turn may take, in milliseconds, far beyond what its steps may take; then another process has the holder's id. */
const TURN_MAX_MS = 45 * 60_000;

/** A turn that is taken. */
export interface BuildTurn {
  /** Lets the next have its turn. */
  end(): Promise<void>;
}

/** Takes the turn, or answers null while another process has it. */
export async function takeTurn(lock: string): Promise<BuildTurn | null> {
  for (let number = 0; ; number += 1) {
    const file = `${lock}.${number}`;
    switch (await stateOf(file)) {
      case "free":
        return (await make(file)) ? { end: () => writeFile(file, OVER) } : null;
      case "taken":
        return null;
      case "over":
    }
  }
}

/** Makes the file with this process's id in it from its first moment on; false where another was first. */
async function make(file: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, String(process.pid));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function stateOf(file: string): Promise<"free" | "taken" | "over"> {
  let text: string;
  let ageMs: number;
  try {
    text = await readFile(file, "utf8");
    ageMs = Date.now() - (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "free";
    throw error;
  }
  if (text === OVER || ageMs > TURN_MAX_MS) return "over";
  const holder = Number(text);
  if (Number.isSafeInteger(holder) && holder > 0) return isAlive(holder) ? "taken" : "over";
  return ageMs > NAMELESS_MAX_MS ? "over" : "taken";
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Another user's process lives, too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
