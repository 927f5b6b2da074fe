/** A file as it was when a push began. */
export interface ResumeFile {
  /** Its name in the item. */
  readonly name: string;
  /** Null where only the end of the stream tells. */
  readonly sizeBytes: number | null;
  /** Epoch milliseconds; null where nobody knows. */
  readonly modifiedAt: number | null;
  /** Whether the server was seen to hold these very bytes READY. */
  readonly isReady: boolean;
}

/** What a push notes for the next one, as a JSON value. It holds no secret. */
export interface ResumeState {
  /** The form of this note. Notes of another form do not count. */
  readonly version: 1;
  /** Id of the item that was pushed to. */
  readonly itemId: string;
  /** Id of the update session that the push opened. */
  readonly sessionId: string;
  /** The files of the push. */
  readonly files: readonly ResumeFile[];
  /** Names of files that stay where others are removed; null where none is removed. */
  readonly keep: readonly string[] | null;
}

/**
 * Where pushes note what the next one needs to go on. Notes are small, one for each item, and go when their push has ended
 * for certain. Nothing depends on them: a store that fails, or has lost a note, costs bytes that are sent again, never the push.
 */
export interface ResumeStore {
  /** What was saved under the key last, else null. What comes back is checked before it counts. */
  load(key: string): Promise<unknown>;
  /** Keeps the note under the key, in place of an older one. */
  save(key: string, state: ResumeState): Promise<void>;
  /** Forgets what was saved under the key, if anything was. */
  drop(key: string): Promise<void>;
}

/** Notes that live as long as the program, for tries in a row. */
export function memoryResumeStore(): ResumeStore {
  const states = new Map<string, ResumeState>();
  return {
    load: async (key) => await Promise.resolve(states.get(key) ?? null),
    save: async (key, state) => void (await Promise.resolve(states.set(key, state))),
    drop: async (key) => void (await Promise.resolve(states.delete(key))),
  };
}

/** What a store gave back, where it is a note about the item; null for anything else. */
export function parseResumeState(value: unknown, itemId: string): ResumeState | null {
  if (!isRecord(value) || value["version"] !== 1 || value["itemId"] !== itemId) return null;
  const { sessionId, files, keep } = value;
  if (typeof sessionId !== "string" || sessionId === "" || !Array.isArray(files)) return null;
  const isKeep = keep === null || (Array.isArray(keep) && keep.every(isText));
  if (!isKeep || !files.every(isResumeFile)) return null;
  return { version: 1, itemId, sessionId, files, keep };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const isText = (value: unknown): value is string => typeof value === "string";

const isMeasure = (value: unknown): value is number | null =>
  value === null || (typeof value === "number" && Number.isFinite(value));

const isResumeFile = (value: unknown): value is ResumeFile =>
  isRecord(value) &&
  isText(value["name"]) &&
  isMeasure(value["sizeBytes"]) &&
  isMeasure(value["modifiedAt"]) &&
  typeof value["isReady"] === "boolean";
