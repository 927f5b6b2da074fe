import type { UpdateSessionModel } from "@contentlib/contract";
import type { OpenSession } from "./push-deed.ts";
import type { UploadResult } from "./upload-options.ts";

/** What went wrong, and whether the server is, as far as that is known, one of ours. */
interface Failure {
  readonly error: Error;
  readonly isOurs: boolean;
}

/** How what was done failed. */
export type FailureNews =
  /** It was given up. */
  | ({ readonly name: "aborted" } & Failure)
  /** It can fare better later: the line, or the server, failed it. */
  | ({ readonly name: "broke" } & Failure)
  /** It will fare no better. */
  | ({ readonly name: "refused" } & Failure)
  /** Somebody else sends the same file now. */
  | ({ readonly name: "superseded" } & Failure);

/** How what was done went. */
export type PushNews =
  | { readonly name: "library"; readonly libraryId: string }
  | { readonly name: "item"; readonly itemId: string; readonly isNew: boolean }
  /** What was looked for is not there. */
  | { readonly name: "none" }
  /** Somebody was quicker in making the item. */
  | { readonly name: "exists"; readonly failure: FailureNews }
  | { readonly name: "opened"; readonly sessionId: string }
  /** The item has a session already. */
  | { readonly name: "busy"; readonly failure: FailureNews }
  /** A session of the caller's own; `fits` is false where it holds other changes than these. */
  | { readonly name: "session"; readonly session: OpenSession; readonly fits: boolean }
  | { readonly name: "did" }
  /** Complete was answered; a server of ours has done it by then, any other may be at it still. */
  | { readonly name: "completed"; readonly isOurs: boolean }
  /** The server holds a file READY, and it is the right one; `index` is its place among the files of the push. */
  | { readonly name: "ready"; readonly index: number; readonly file: UploadResult["files"][number] }
  /** Whether complete has happened is not known. */
  | { readonly name: "unanswered"; readonly failure: FailureNews }
  | {
      readonly name: "seen";
      readonly state: UpdateSessionModel["state"];
      readonly reason: string | undefined;
    }
  | { readonly name: "read"; readonly contentVersion: string }
  | { readonly name: "ended"; readonly isEnded: boolean }
  | FailureNews;
