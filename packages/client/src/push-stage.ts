import type { OpenSession, PushTarget, SessionEnd } from "./push-deed.ts";
import type { FailureNews } from "./push-news.ts";
import type { UploadResult } from "./upload-options.ts";

/** What holds for a push as long as it is under way. */
export interface PushRules {
  /** The item of an upload, which is given; null for a push, which finds or makes it by its name. */
  readonly itemId: string | null;
  readonly fileCount: number;
  readonly removesOthers: boolean;
  /** Whether it may go on with what an earlier push left. */
  readonly resumes: boolean;
  /** Whether there is a store that what a later push needs is noted in. */
  readonly remembers: boolean;
  /** Whether the server has to be asked what it has made of the files before it completes. */
  readonly reviews: boolean;
  /** Whether the end of the session is waited for. */
  readonly waits: boolean;
}

/** The files that are READY, by their places among the files of the push. */
export type ReadyFiles = ReadonlyMap<number, UploadResult["files"][number]>;

/** What a push has come to that is in a session. */
interface InSession {
  readonly target: PushTarget;
  readonly session: OpenSession;
}

/** The same once every file is READY. */
interface Filled extends InSession {
  readonly files: ReadyFiles;
}

/** The same once complete was answered: whatever fails from here on, the session is the server's to end. */
interface Waiting extends Filled {
  readonly waitedMs: number;
  readonly looks: number;
  /** Looks in a row that broke, up to now. */
  readonly breaks: number;
}

/** Where a push stands. */
export type PushStage =
  /** The library is looked for. */
  | { readonly name: "locating" }
  /** The item is looked for; for the second time where making it failed for that it exists. */
  | { readonly name: "finding"; readonly libraryId: string; readonly failure: FailureNews | null }
  | { readonly name: "making"; readonly libraryId: string }
  /** What an earlier push noted is looked for. */
  | { readonly name: "recalling"; readonly target: PushTarget }
  | { readonly name: "opening"; readonly target: PushTarget; readonly isSecond: boolean }
  /** The push was given up while a session was opened: if one was, it is found, to be ended. */
  | { readonly name: "retrieving"; readonly target: PushTarget; readonly failure: FailureNews }
  /** The item has a session; the caller's own is looked for. */
  | { readonly name: "seeking"; readonly target: PushTarget; readonly failure: FailureNews }
  /** A session of the caller's own that holds other changes is ended. */
  | {
      readonly name: "clearing";
      readonly target: PushTarget;
      readonly sessionId: string;
      readonly isSecond: boolean;
    }
  /** It is asked how long the session lives, and it is kept alive from then on. */
  | ({ readonly name: "watching" } & InSession)
  /** What is not to stay is taken out. */
  | ({ readonly name: "trimming" } & InSession)
  | ({ readonly name: "sending" } & Filled)
  /** All files are there, and it is looked at what the server has made of them. */
  | ({ readonly name: "reviewing" } & Filled)
  | ({ readonly name: "completing"; readonly attempt: number } & Filled)
  /** An answer of complete was lost, or its repeat refused: it is asked what became of the session. */
  | ({
      readonly name: "checking";
      readonly attempt: number;
      readonly failure: FailureNews;
      readonly isLast: boolean;
    } & Filled)
  /** Nothing is done for a moment before complete is sent again. */
  | ({ readonly name: "resting"; readonly attempt: number; readonly pauseMs: number } & Filled)
  /** Complete was answered by a server that may be at it still: it is asked what became of the session. */
  | ({ readonly name: "awaiting" } & Waiting)
  | ({ readonly name: "pausing"; readonly pauseMs: number } & Waiting)
  /** All is done, and it is asked what the item is now. */
  | ({ readonly name: "reading" } & Filled)
  /** The session will not be completed, and is put in order. */
  | ({
      readonly name: "ending";
      readonly end: SessionEnd;
      readonly failure: FailureNews;
    } & InSession)
  | ({ readonly name: "done"; readonly contentVersion: string | null } & Filled)
  | { readonly name: "failed"; readonly error: Error };
