import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { baseUrlOf } from "./base-url.ts";
import { holdsOnly } from "./open-session.ts";
import { parseResumeState } from "./resume-store.ts";
import type { ResumeFile, ResumeState, ResumeStore } from "./resume-store.ts";
import type { UploadContext, UploadFile, UploadOptions } from "./upload-options.ts";

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

/** How long a store may take, in milliseconds. One that hangs is left alone from then on. */
const STORE_TIMEOUT_MS = 5_000;

const keyOf = (serverUrl: string, itemId: string): string => `${serverUrl} ${itemId}`;

/** Where a file is on its way to. */
export interface FilePlace {
  readonly sessionId: string;
  /** Whether the server can be asked how far a file is, and for a digest. */
  readonly canResume: boolean;
}

/** Where a push goes to, and its timers. */
type NotesContext = Pick<UploadContext, "serverUrl" | "system">;

/** What one push notes for the next one, and what the one before had noted. Without a store it knows nothing. */
export class PushNotes {
  readonly #store: ResumeStore | undefined;
  readonly #context: NotesContext;
  readonly #options: PushedFiles;
  /** Aborts when the push is given up. */
  readonly #signal: AbortSignal;
  #found: ResumeState | null = null;
  #noted: ResumeState | null = null;
  /** Ends with the last writing that was begun. */
  #saving: Promise<void> = Promise.resolve();
  #isStale = false;
  #hasHung = false;

  constructor(context: NotesContext, options: PushedFiles, signal: AbortSignal) {
    // Who begins anew neither reads notes nor leaves any.
    this.#store = options.resume === false ? undefined : options.resumeStore;
    this.#context = context;
    this.#options = options;
    this.#signal = signal;
  }

  get hasStore(): boolean {
    return this.#store !== undefined;
  }

  /** What the push before has noted of the item; null where there is nothing that makes sense. */
  async recall(itemId: string): Promise<ResumeState | null> {
    const value = await this.#attempt(
      async (store) => await store.load(this.#keyOf(itemId)),
      this.#signal,
    );
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

  /**
   * What is known of a file by its size and time: that it has changed, or that the session has it as it is. Where the digest of
   * what came can be asked for, that one decides, and a time that is another tells nothing: builds and checkouts renew times.
   */
  known(
    { name, source }: UploadFile,
    { sessionId, canResume }: FilePlace,
  ): "changed" | "same" | undefined {
    const then = this.#found?.files.find((file) => file.name === name);
    if (then === undefined) return undefined;
    const { sizeBytes = null, modifiedAt = null } = source;
    const isTimed = modifiedAt !== null && then.modifiedAt !== null;
    if (then.sizeBytes !== sizeBytes) return "changed";
    if (isTimed && then.modifiedAt !== modifiedAt) return canResume ? undefined : "changed";
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
    // Also where the push was given up: what is written yet must not come behind what is dropped.
    await this.#attempt(async (store) => {
      await this.#saving;
      await store.drop(this.#keyOf(itemId));
    });
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
    await this.#attempt(async (store) => {
      this.#saving = this.#saving.then(async () => await this.#saveStale(store));
      await this.#saving;
    }, this.#signal);
  }

  async #saveStale(store: ResumeStore): Promise<void> {
    const state = this.#noted;
    if (!this.#isStale || state === null) return;
    this.#isStale = false;
    await store.save(this.#keyOf(state.itemId), state).catch(() => undefined);
  }

  /**
   * Notes are worth something to the next push, and nothing to this one: a store that fails is one without notes, and so is one that
   * hangs, as on a file system whose server is away. Null where it told nothing, or nothing in time.
   */
  async #attempt(
    act: (store: ResumeStore) => Promise<unknown>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (this.#store === undefined || this.#hasHung) return null;
    const over = new AbortController();
    const ends = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
    const patience = this.#context.system.sleep(STORE_TIMEOUT_MS, ends).then(() => {
      this.#hasHung = !ends.aborted;
      return null;
    });
    try {
      return await Promise.race([act(this.#store), patience]);
    } catch {
      return null;
    } finally {
      over.abort();
    }
  }

  #keyOf(itemId: string): string {
    return keyOf(this.#context.serverUrl, itemId);
  }
}
