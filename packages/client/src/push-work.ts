import { MESSAGE_HEADER, encodeExtValue } from "@contentlib/contract/bindings";
import { answerCompletion } from "./complete-update-session.ts";
import type { CompletionQuestion } from "./complete-update-session.ts";
import { AbortedError, LibraryError, isRefusal } from "./errors.ts";
import {
  createSession,
  failSession,
  retrieveSession,
  seekSession,
  takeSession,
} from "./open-session.ts";
import type { OwnSession } from "./open-session.ts";
import type { OpenSession, PushDeed, PushQuestion } from "./push-deed.ts";
import { failureOf } from "./push-failure.ts";
import type { PushItems } from "./push-items.ts";
import type { FailureNews, PushNews } from "./push-news.ts";
import type { PushNotes } from "./push-notes.ts";
import type { PushEvent } from "./push-options.ts";
import { reviewSession } from "./review-session.ts";
import { removeOthers, sendFiles } from "./send-files.ts";
import type { FilesToSend } from "./send-files.ts";
import type { TransferControl } from "./transfer.ts";
import { fateOf } from "./upload-endpoint.ts";
import type { UploadContext, UploadEvent, UploadOptions } from "./upload-options.ts";
import { watchSession } from "./watch-session.ts";
import type { WatchedSession } from "./watch-session.ts";

/** What a push is made of. */
export interface PushParts {
  readonly context: UploadContext;
  /** The item is known by its id only once it was found. */
  readonly options: Omit<UploadOptions, "itemId">;
  /** Null for an upload, which is given its item. */
  readonly items: PushItems | null;
  readonly notes: PushNotes;
  readonly control: TransferControl<PushEvent>;
}

/** Does what the steps of a push want done, and tells by news how it went. */
export class PushWork {
  readonly #parts: PushParts;
  readonly #news: PushNews[] = [];
  #wake: () => void = () => undefined;
  #watched: WatchedSession | null = null;
  /** Complete was asked for: it ends the session itself, and what is asked next tells how. */
  #isCompleting = false;
  /** The token of the session that was asked for last. */
  #token: string | null = null;

  constructor(parts: PushParts) {
    this.#parts = parts;
  }

  /** Begins what is asked, whose news come later; does a remark at once. */
  async perform(deed: PushDeed): Promise<void> {
    switch (deed.name) {
      case "tell":
        return this.#tell(deed.event);
      case "remember":
        return await this.#parts.notes.remember(deed.itemId, deed.sessionId);
      case "forget":
        return await this.#parts.notes.forget(deed.itemId);
      default:
        void this.#ask(deed);
    }
  }

  /** The next news. */
  async next(): Promise<PushNews> {
    for (;;) {
      const news = this.#news.shift();
      if (news !== undefined) return news;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#watched?.close();
  }

  get #signal(): AbortSignal {
    const { signal } = this.#parts.control;
    if (this.#watched === null || this.#isCompleting) return signal;
    return AbortSignal.any([signal, this.#watched.lost]);
  }

  #post(news: PushNews): void {
    this.#news.push(news);
    this.#wake();
  }

  #tell(event: PushEvent): void {
    if (event.type !== "item") this.#watched?.note(event);
    this.#parts.control.emit(event);
  }

  async #ask(question: PushQuestion): Promise<void> {
    const isEnd = question.name === "endSession" || question.name === "retrieveSession";
    try {
      if (!isEnd && this.#parts.control.signal.aborted)
        throw new AbortedError("The upload was aborted.", { operation: "upload" });
      const news = await this.#answer(question);
      if (news !== null) this.#post(news);
    } catch (error) {
      this.#post(await this.failureOf(error));
    }
  }

  /** What an error means, with what is known of the server by now. */
  async failureOf(error: unknown): Promise<FailureNews> {
    const { context, control } = this.#parts;
    const lost = this.#isCompleting ? undefined : this.#watched?.lost;
    const reason: unknown = lost?.aborted && !control.signal.aborted ? lost.reason : error;
    // Nothing is asked of a server that is perhaps not there: what is known of it has to do.
    const isOurs = await context.isOurs(AbortSignal.abort()).catch(() => false);
    return failureOf(reason, isOurs);
  }

  /** Null where the news come by themselves. */
  async #answer(question: PushQuestion): Promise<PushNews | null> {
    const { context, items } = this.#parts;
    const signal = this.#signal;
    switch (question.name) {
      case "findLibrary":
        return { name: "library", libraryId: await named(items).findLibrary(signal) };
      case "findItem": {
        const itemId = await named(items).findItem(question.libraryId, signal);
        return itemId === undefined ? { name: "none" } : { name: "item", itemId, isNew: false };
      }
      case "makeItem":
        return await this.#makeItem(question.libraryId);
      case "recall":
        return sessionNews(await this.#recall(question.itemId));
      case "openSession":
        return await this.#openSession(question.itemId);
      case "retrieveSession":
        return await this.#retrieve(question.itemId);
      case "seekSession":
        return sessionNews(await seekSession(context, this.#options(question.itemId), signal));
      case "clearSession": {
        const error = new Error("The same account began another upload.");
        await failSession(context, question.sessionId, { error, keepsBytes: true });
        return { name: "did" };
      }
      case "watchSession":
        this.#watched = await watchSession(context, question.sessionId, signal);
        return { name: "did" };
      case "removeOthers":
        await removeOthers(context, question.sessionId, this.#parts.options, signal);
        return { name: "did" };
      case "sendFiles":
        return await this.#send(question.session);
      case "review": {
        const control = { signal, emit: (event: UploadEvent) => this.#tell(event) };
        const { sessionId } = question;
        await reviewSession(context, { sessionId, options: this.#parts.options }, control);
        return { name: "did" };
      }
      case "complete":
      case "askSession":
      case "rest":
        return await this.#complete(question);
      case "readItem": {
        const contentVersion = await named(items).readVersion(question.itemId, signal);
        return { name: "read", contentVersion };
      }
      case "endSession":
        return { name: "ended", isEnded: await this.#end(question) };
    }
  }

  #options(itemId: string): UploadOptions {
    return { ...this.#parts.options, itemId };
  }

  async #makeItem(libraryId: string): Promise<PushNews> {
    try {
      const itemId = await named(this.#parts.items).makeItem(libraryId, this.#signal);
      return { name: "item", itemId, isNew: true };
    } catch (error) {
      if (!isRefusal(error, "already_exists")) throw error;
      return { name: "exists", failure: await this.failureOf(error) };
    }
  }

  /** The session that was noted, if it is there still. */
  async #recall(itemId: string): Promise<OwnSession | null> {
    const { context, notes } = this.#parts;
    const signal = this.#signal;
    const state = await notes.recall(itemId);
    if (state === null) return null;
    const { sessionId } = state;
    // What was taken out of a session shows only where it holds the item's own files, too.
    const isOurs = await context.isOurs(signal);
    const look = isOurs ? { sessionId, signal } : { sessionId, signal, fits: notes.fits };
    try {
      return await takeSession(context, this.#options(itemId), look);
    } catch (error) {
      if (error instanceof LibraryError && fateOf(error) !== "broke") return null;
      throw error;
    }
  }

  async #openSession(itemId: string): Promise<PushNews> {
    const { context, options } = this.#parts;
    const signal = this.#signal;
    const token = context.system.uuid();
    this.#token = token;
    try {
      const sessionId = await createSession(context, this.#options(itemId), { token, signal });
      return { name: "opened", sessionId };
    } catch (error) {
      if (!isRefusal(error, "resource_busy")) throw error;
      const isOurs = options.resume !== false && (await context.isOurs(signal));
      return { name: "busy", failure: failureOf(error, isOurs) };
    }
  }

  async #retrieve(itemId: string): Promise<PushNews> {
    const token = this.#token;
    if (token === null) return { name: "none" };
    const sessionId = await retrieveSession(this.#parts.context, this.#options(itemId), token);
    return sessionId === undefined ? { name: "none" } : { name: "opened", sessionId };
  }

  async #send(session: OpenSession): Promise<null> {
    const { context, options, notes } = this.#parts;
    const control = { signal: this.#signal, emit: (event: UploadEvent) => this.#tell(event) };
    const onReady: FilesToSend["onReady"] = (index, file) =>
      this.#post({ name: "ready", index, file });
    await sendFiles(context, { options, session, notes, onReady }, control);
    return null;
  }

  async #complete(question: CompletionQuestion): Promise<PushNews> {
    const { context, options } = this.#parts;
    this.#isCompleting = true;
    const signal = this.#signal;
    const { message } = options;
    // Other servers do not keep what the change is.
    const isTold = question.name === "complete" && message !== undefined;
    const headers =
      isTold && (await context.isOurs(signal)) ? { [MESSAGE_HEADER]: encodeExtValue(message) } : {};
    return await answerCompletion({ ...context, headers }, question, signal);
  }

  async #end({ sessionId, end, error }: QuestionOf<"endSession">): Promise<boolean> {
    this.#watched?.close();
    this.#watched = null;
    if (end === "yield") return true;
    if (end === "leave") return false;
    return await failSession(this.#parts.context, sessionId, { error, keepsBytes: end === "keep" });
  }
}

type QuestionOf<Name extends PushQuestion["name"]> = Extract<PushQuestion, { readonly name: Name }>;

const sessionNews = (own: OwnSession | null): PushNews =>
  own === null ? { name: "none" } : { name: "session", ...own };

function named(items: PushItems | null): PushItems {
  if (items === null) throw new Error("An upload was asked for what only a push has names for.");
  return items;
}
