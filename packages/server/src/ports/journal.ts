import type { ItemId, UpdateSessionId, DownloadSessionId } from "../domain/ids.ts";

/**
 * What happened, for logs and counters: one method an event, so that each event has one shape. Calls never throw and never
 * carry a password, a token or a capability URL.
 */
export interface Journal {
  sessionEnded(event: {
    readonly sessionId: UpdateSessionId | DownloadSessionId;
    readonly itemId: ItemId;
    readonly state: string;
    readonly why: string;
  }): void;
  contentChanged(event: {
    readonly itemId: ItemId;
    readonly contentVersion: number;
    /** The update session that was completed; absent after a rollback. */
    readonly sessionId?: UpdateSessionId;
  }): void;
  transferEnded(event: {
    readonly sessionId: UpdateSessionId | DownloadSessionId;
    readonly fileName: string;
    readonly direction: "upload" | "download";
    readonly outcome: string;
    readonly sizeBytes: number;
    readonly durationMs: number;
  }): void;
  loginMade(event: { readonly by: "password" | "token" }): void;
  loginRefused(event: {
    readonly accountName: string;
    readonly address: string;
    readonly why: string;
  }): void;
  /** Credentials were not looked at: too many wrong ones came before, or too many others wait. Where they came from is said, whose they are is not. */
  loginPutOff(event: {
    readonly address: string;
    readonly why: "too many failed attempts" | "too many passwords to check";
  }): void;
  blobsCollected(event: { readonly count: number }): void;
  /** Received bytes that were kept for whoever would go on with them went, because the storage had no room. */
  partialsDropped(event: { readonly count: number; readonly sizeBytes: number }): void;
  /** Something that the server survives and an operator should know. */
  trouble(event: { readonly where: string; readonly error: unknown }): void;
}
