import { mkdirSync, writeFileSync } from "node:fs";
import { readFile, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { Client } from "@contentlib/client";
import { isProcessGone, processMark } from "./process-life.ts";
import { profilePath } from "./profile.ts";
import type { Environment } from "./streams.ts";

/** A push of this user on this machine, noted while its update session is open. */
interface RunningPush {
  readonly sessionId: string;
  readonly itemId: string;
  readonly processId: number;
  /** What tells the process from a later one of its number, where the system does. */
  readonly processMark?: string | undefined;
  readonly host: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** Notes of dead pushes are of no use once their sessions have long expired. */
const NOTE_KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * Notes of the pushes that run, so that one which was killed outright does not hold its item until its session expires:
 * the next push into the item ends that session first. Only sessions of processes that are certainly gone are touched.
 */
export interface RunningPushes {
  /** Notes this process as the holder of a session. Synchronous, because the process may be killed right after. */
  begin(sessionId: string, itemId: string): void;
  end(sessionId: string): Promise<void>;
  /** Whether another process of this machine, which lives, is pushing into the item. */
  isRunning(itemId: string): Promise<boolean>;
  /** Drops the notes of dead pushes into the item; their sessions stay as they are, for the next push to go on with. */
  forgetAbandoned(itemId: string): Promise<void>;
  /** Ends the sessions that dead pushes left on the item, and answers their ids. */
  endAbandoned(client: Client, left: LeftSessions): Promise<readonly string[]>;
}

/** Which sessions of dead pushes are ended. */
export interface LeftSessions {
  readonly itemId: string;
  /** One that stays, for the next push to go on with; only its note goes. */
  readonly sparedId?: string | null;
  readonly signal: AbortSignal;
}

/** The notes, one small file each beside the profile file. */
export function runningPushes(env: Environment): RunningPushes {
  const folder = join(dirname(profilePath(env)), "contentlib-pushes");
  const noteOf = (sessionId: string): string =>
    join(folder, `${encodeURIComponent(sessionId)}.json`);
  const end = async (sessionId: string): Promise<void> =>
    await rm(noteOf(sessionId), { force: true });
  return {
    begin(sessionId, itemId) {
      const note: RunningPush = {
        sessionId,
        itemId,
        processId: process.pid,
        processMark: processMark(process.pid),
        host: hostname(),
        startedAt: Date.now(),
      };
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(noteOf(sessionId), JSON.stringify(note), { mode: 0o600 });
    },
    end,
    async isRunning(itemId) {
      const notes = (await readNotes(folder)).filter((note) => note.itemId === itemId);
      const here = notes.filter((note) => note.host === hostname());
      return here.some((note) => note.processId !== process.pid && !isDead(note));
    },
    async forgetAbandoned(itemId) {
      const notes = (await readNotes(folder)).filter((note) => note.itemId === itemId);
      await Promise.all(notes.filter(isDead).map(({ sessionId }) => end(sessionId)));
    },
    async endAbandoned(client, { itemId, sparedId = null, signal }) {
      const dead = (await readNotes(folder)).filter(isDead);
      const old = dead.filter(({ startedAt }) => Date.now() - startedAt > NOTE_KEPT_MS);
      await Promise.all(old.map(({ sessionId }) => end(sessionId)));
      const left = dead.filter((note) => note.itemId === itemId);
      if (left.some(({ sessionId }) => sessionId === sparedId)) await end(String(sparedId));
      const abandoned = left.filter(({ sessionId }) => sessionId !== sparedId);
      for (const { sessionId } of abandoned) {
        await failSession(client, sessionId, signal);
        await end(sessionId);
      }
      return abandoned.map(({ sessionId }) => sessionId);
    },
  };
}

async function failSession(client: Client, sessionId: string, signal: AbortSignal): Promise<void> {
  const input = {
    update_session_id: sessionId,
    client_error_message: "The process of the client died.",
  };
  try {
    await client.updateSession.fail(input, { signal });
  } catch (error) {
    const faultClass = error instanceof Error && "class" in error ? error.class : undefined;
    if (faultClass !== "not_allowed_in_current_state" && faultClass !== "not_found") throw error;
  }
}

async function readNotes(folder: string): Promise<readonly RunningPush[]> {
  const names = await readdir(folder).catch(() => []);
  const notes = await Promise.all(
    names.map(async (name) =>
      parseNote(await readFile(join(folder, name), "utf8").catch(() => "")),
    ),
  );
  return notes.filter((note) => note !== null);
}

function parseNote(text: string): RunningPush | null {
  try {
    const note = JSON.parse(text) as Partial<RunningPush> | null;
    const { sessionId, itemId, processId, processMark: mark, host, startedAt } = note ?? {};
    if (!sessionId || !itemId || !processId || !host || !startedAt) return null;
    return { sessionId, itemId, processId, processMark: mark, host, startedAt };
  } catch {
    return null;
  }
}

/** Gone for certain: a process of this machine, and the machine knows it no more. */
const isDead = ({ host, processId, processMark: mark }: RunningPush): boolean =>
  host === hostname() && isProcessGone(processId, mark);
