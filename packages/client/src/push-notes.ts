import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { baseUrlOf } from "./base-url.ts";
import { holdsOnly } from "./open-session.ts";
import { parseResumeState } from "./resume-store.ts";
import type { ResumeFile, ResumeState, ResumeStore } from "./resume-store.ts";
import type { UploadFile, UploadOptions } from "./upload-options.ts";

/** What a push is about, as far as it is noted. */
type PushedFiles = Omit<UploadOptions, "itemId">;

/** The session that was noted last for an item of the server at that address; null where none is. Rejects with what the store does. */
export async function notedSession(
  store: ResumeStore,
  url: string,
  itemId: string,
): Promise<string | null> {
  const state = parseResumeState(await store.load(keyOf(baseUrlOf(url), itemId)), itemId);
  return state?.sessionId ?? null;
}

const keyOf = (serverUrl: string, itemId: string): string => `${serverUrl} ${itemId}`;

/** Where a file is on its way to. */
export interface FilePlace {
  readonly sessionId: string;
  /** Whether the server can be asked how far a file is, and for a digest. */
  readonly canResume: boolean;
}

/** What one push notes for the next one, and what the one before had noted. Without a store it knows nothing. */
export class PushNotes {
  readonly #store: ResumeStore | undefined;
  readonly #serverUrl: string;
  readonly #options: PushedFiles;
  #found: ResumeState | null = null;
  #noted: ResumeState | null = null;
  /** Ends with the last writing that was begun. */
  #saving: Promise<void> = Promise.resolve();
  #isStale = false;

  constructor(serverUrl: string, options: PushedFiles) {
    // Who begins anew neither reads notes nor leaves any.
    this.#store = options.resume === false ? undefined : options.resumeStore;
    this.#serverUrl = serverUrl;
    this.#options = options;
  }

  get hasStore(): boolean {
    return this.#store !== undefined;
  }

  /** What the push before has noted of the item; null where there is nothing that makes sense. */
  async recall(itemId: string): Promise<ResumeState | null> {
    const value = await attempt(async () => await this.#store?.load(this.#keyOf(itemId)));
    this.#found = parseResumeState(value, itemId);
    return this.#found;
  }

  /** Whether the noted session, with these files in it, can become the upload; for servers that can not be asked what was taken out. */
  readonly fits = (files: readonly UpdateSessionFileInfo[]): boolean => {
    const { files: sent, removeOthers = false, keep = [] } = this.#options;
    const kept = this.#found?.keep ?? null;
    const isKept = kept === null || (removeOthers && keep.every((name) => kept.includes(name)));
    return isKept && holdsOnly(new Set(sent.map(({ name }) => name)), files);
  };

  /** What is known of a file by its size and time: that it has changed, or that the session has it as it is. */
  known(
    { name, source }: UploadFile,
    { sessionId, canResume }: FilePlace,
  ): "changed" | "same" | undefined {
    const then = this.#found?.files.find((file) => file.name === name);
    if (then === undefined) return undefined;
    const { sizeBytes = null, modifiedAt = null } = source;
    const isTimed = modifiedAt !== null && then.modifiedAt !== null;
    if (then.sizeBytes !== sizeBytes || (isTimed && then.modifiedAt !== modifiedAt))
      return "changed";
    const isHere = canResume || (then.isReady && this.#found?.sessionId === sessionId);
    return isTimed && isHere ? "same" : undefined;
  }

  /** Notes the session that the push is in. */
  async remember(itemId: string, sessionId: string): Promise<void> {
    const { files, removeOthers = false, keep = [] } = this.#options;
    this.#noted = {
      version: 1,
      itemId,
      sessionId,
      files: files.map((file) => this.#noteOf(file, sessionId)),
      keep: removeOthers ? keep : null,
    };
    await this.#save();
  }

  /** Notes that the server holds a file READY. */
  async noteReady(fileName: string): Promise<void> {
    if (this.#noted === null) return;
    const files = this.#noted.files.map((file) =>
      file.name === fileName ? { ...file, isReady: true } : file,
    );
    this.#noted = { ...this.#noted, files };
    await this.#save();
  }

  async forget(itemId: string): Promise<void> {
    this.#noted = null;
    await this.#saving;
    await attempt(async () => await this.#store?.drop(this.#keyOf(itemId)));
  }

  #noteOf(file: UploadFile, sessionId: string): ResumeFile {
    const { name, source } = file;
    const isReady = this.known(file, { sessionId, canResume: false }) === "same";
    const { sizeBytes = null, modifiedAt = null } = source;
    return { name, sizeBytes, modifiedAt, isReady };
  }

  /** Writes what is to be noted by then; notes that come while one is written are written as one. */
  async #save(): Promise<void> {
    this.#isStale = true;
    this.#saving = this.#saving.then(async () => await this.#saveStale());
    await this.#saving;
  }

  async #saveStale(): Promise<void> {
    const state = this.#noted;
    if (!this.#isStale || state === null) return;
    this.#isStale = false;
    await attempt(async () => await this.#store?.save(this.#keyOf(state.itemId), state));
  }

  #keyOf(itemId: string): string {
    return keyOf(this.#serverUrl, itemId);
  }
}

/** Notes are worth something to the next push, and nothing to this one: a store that fails is one without notes. */
const attempt = async (act: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await act();
  } catch {
    return null;
  }
};
