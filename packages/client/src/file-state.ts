import type { UpdateSessionFileInfo } from "@contentlib/contract";
import type { ClientError } from "./errors.ts";

/** What holds for a file as long as it is under way. */
export interface FileRules {
  readonly fileName: string;
  /** Size in bytes; undefined where only the end of the stream tells. */
  readonly sizeBytes: number | undefined;
  /** Whether server and source can both go on from an offset. */
  readonly canResume: boolean;
  /** Whether the bytes can be read a second time. */
  readonly isReplayable: boolean;
  /** What an earlier upload noted of the file: it is the same as then, or not; absent where nothing is known. */
  readonly known?: "changed" | "same" | undefined;
  /** How often in a row a step may break before the file is given up. New bytes at the server begin a new row. */
  readonly triesMax: number;
}

/** What is remembered of a file on its way. */
export interface FileProgress {
  /** Breaks in a row so far. */
  readonly tries: number;
  /** The furthest offset the server has told, in bytes. */
  readonly reachedBytes: number;
  /** Where the bytes go; empty until the server has said it. */
  readonly url: string;
  /** Whether the bytes at the server are known to be those of this file. */
  readonly isOwn: boolean;
  /** What broke last, until it was overcome. */
  readonly lastError: Error | null;
}

/** What is being done. */
export type FileState =
  /** The file is added to the session. */
  | { readonly name: "adding"; readonly progress: FileProgress }
  /** The endpoint is asked how many bytes are there; also for their digest while `isOwn` is false. */
  | { readonly name: "asking"; readonly progress: FileProgress }
  /** The beginning of the own file is held against what the server has. */
  | {
      readonly name: "comparing";
      readonly progress: FileProgress;
      readonly offsetBytes: number;
      /** SHA-256 in lower-case hexadecimal digits. */
      readonly digest: string;
      /** What get showed, where all bytes are there already. */
      readonly whole: UpdateSessionFileInfo | null;
    }
  /** What the server has is of another file: it is dropped. */
  | { readonly name: "dropping"; readonly progress: FileProgress }
  /** The bytes from the offset on are sent. */
  | { readonly name: "sending"; readonly progress: FileProgress; readonly offsetBytes: number }
  /** The file is looked at: after the last byte, or after a break, for which the server may have a reason. */
  | {
      readonly name: "looking";
      readonly progress: FileProgress;
      readonly isSent: boolean;
      /** Whether the endpoint was found to be there no more: only another one helps. */
      readonly isGone: boolean;
    }
  /** Nothing is done for a moment. */
  | {
      readonly name: "pausing";
      readonly progress: FileProgress;
      readonly next: Exclude<FileState, { readonly name: "pausing" | "ready" | "failed" }>;
    }
  | {
      readonly name: "ready";
      readonly progress: FileProgress;
      readonly info: UpdateSessionFileInfo;
    }
  | { readonly name: "failed"; readonly progress: FileProgress; readonly error: Error };

/** How what was done went. */
export type FileEvent =
  /** Add or get answered. */
  | { readonly name: "shown"; readonly info: UpdateSessionFileInfo }
  /** The endpoint told how many bytes are there, and perhaps the whole length and the digest of those bytes. */
  | {
      readonly name: "told";
      readonly offsetBytes: number;
      readonly lengthBytes: number | undefined;
      readonly digest: string | undefined;
    }
  | { readonly name: "same" }
  | { readonly name: "differs" }
  | { readonly name: "dropped" }
  /** All bytes were taken. */
  | { readonly name: "taken" }
  /** It can fare better a moment later. */
  | { readonly name: "broke"; readonly error: ClientError }
  /** The bytes do not begin where those of the server end. */
  | { readonly name: "moved"; readonly error: ClientError }
  /** The endpoint, the file or the session is not there any more. */
  | { readonly name: "gone"; readonly error: ClientError }
  /** Somebody else sends this file now. */
  | { readonly name: "superseded"; readonly error: ClientError }
  /** It will fare no better: a refusal, an abort, the source's own error. */
  | { readonly name: "refused"; readonly error: Error }
  | { readonly name: "rested" };
