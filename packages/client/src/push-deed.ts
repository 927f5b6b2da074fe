import type { UpdateSessionFileInfo } from "@contentlib/contract";
import type { PushEvent } from "./push-options.ts";

/** The item that is pushed into. */
export interface PushTarget {
  readonly itemId: string;
  /** Where a push found or made it; null for an upload, which is given its item. */
  readonly place: { readonly libraryId: string; readonly isNew: boolean } | null;
}

/** A session to upload into. */
export interface OpenSession {
  readonly sessionId: string;
  /** What an earlier upload left in it, by name; null for a new one. */
  readonly found: ReadonlyMap<string, UpdateSessionFileInfo> | null;
}

/** How a session is left that will not be completed. */
export type SessionEnd =
  /** It is failed, and the item is free at once. */
  | "fail"
  /** It is failed, and a server of ours keeps what came for the next push. */
  | "keep"
  /** It stays open for the next push, which knows it by what was noted, until it expires. */
  | "leave"
  /** A newer writer of the same account has it. */
  | "yield";

/** What is to be asked or done next. Each is answered by news. */
export type PushQuestion =
  | { readonly name: "findLibrary" }
  | { readonly name: "findItem"; readonly libraryId: string }
  | { readonly name: "makeItem"; readonly libraryId: string }
  /** Looks for what an earlier push noted, and whether its session is still there. */
  | { readonly name: "recall"; readonly itemId: string }
  | { readonly name: "openSession"; readonly itemId: string }
  /** Asks for the session of an opening whose answer nobody waited for. */
  | { readonly name: "retrieveSession"; readonly itemId: string }
  /** Looks for the caller's own session that is in the way. */
  | { readonly name: "seekSession"; readonly itemId: string }
  /** Ends a session of other changes; what has come of them is kept. */
  | { readonly name: "clearSession"; readonly sessionId: string }
  | { readonly name: "watchSession"; readonly sessionId: string }
  | { readonly name: "removeOthers"; readonly sessionId: string }
  /** Declares, sends and verifies every file; answered once for each. */
  | { readonly name: "sendFiles"; readonly session: OpenSession }
  /** Looks at what the server has made of the files, before the session is completed. */
  | { readonly name: "review"; readonly sessionId: string }
  | { readonly name: "complete"; readonly sessionId: string }
  | { readonly name: "askSession"; readonly sessionId: string }
  | { readonly name: "rest"; readonly pauseMs: number }
  | { readonly name: "readItem"; readonly itemId: string }
  | {
      readonly name: "endSession";
      readonly sessionId: string;
      readonly end: SessionEnd;
      readonly error: Error;
    };

/** What is done on the way and answered by nothing. */
export type PushRemark =
  | { readonly name: "tell"; readonly event: PushEvent }
  /** Notes the session for a later push, where there is a store for it. */
  | { readonly name: "remember"; readonly itemId: string; readonly sessionId: string }
  | { readonly name: "forget"; readonly itemId: string };

/** All that a step can want done. */
export type PushDeed = PushQuestion | PushRemark;
