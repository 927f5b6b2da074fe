import type { ChecksumInfo, WarningBehavior, WarningType } from "@contentlib/contract";
import type { EndpointHeaders } from "./endpoint-login.ts";
import type { PreviewSigner, PreviewWarning } from "./errors.ts";
import type { ResumeStore } from "./resume-store.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Services } from "./services/services.ts";
import type { System } from "./system.ts";
import type { UploadSource } from "./upload-source.ts";

/** A file to send. */
export interface UploadFile {
  /** Its name in the item. A file of this name is replaced. */
  readonly name: string;
  /** Where its bytes come from. */
  readonly source: UploadSource;
  /** Checked by the server as the bytes arrive; give it where it is known beforehand. */
  readonly checksum?: ChecksumInfo;
}

/** What to upload, and where to. */
export interface UploadOptions {
  /** Id of the item. */
  readonly itemId: string;
  /** The files to send; none of the names twice. */
  readonly files: readonly UploadFile[];
  /** Removes every file of the item that is neither among `files` nor among `keep`; by default they stay. */
  readonly removeOthers?: boolean;
  /** Names of files that stay as they are although others are removed. */
  readonly keep?: readonly string[];
  /**
   * Warnings of signed content that you take on yourself. Any other ends the upload before it is completed, with a WarningsError that
   * says what is amiss and who signed.
   */
  readonly accept?: readonly WarningType[];
  /** The same as `warning_behavior` of the update session has it; `accept` counts before it. */
  readonly warningBehavior?: readonly WarningBehavior[];
  /**
   * Whether to go on with what is at the server already: of a line that broke, or of an upload of the same account that was
   * interrupted, whose session is taken over where it is still open. Default true; other servers are sent whole files.
   */
  readonly resume?: boolean;
  /**
   * Where it is noted what the next upload of these files needs to go on: it then takes up the session that this one leaves, at
   * any server, sends no file again that is READY there, and sees by size and time which files have changed meanwhile.
   */
  readonly resumeStore?: ResumeStore;
  /** What the change is, in a few words, for whoever reads the changes of the item; other servers are not told. */
  readonly message?: string;
  /** How many files are sent at a time; default 4. */
  readonly parallel?: number;
  /**
   * False to complete at once, although files that the server fetches (`remoteSource`) have not come: the session then ends by
   * itself, as DONE or ERROR, when they have. Default true.
   */
  readonly waits?: boolean;
  /** Gives the upload up: the session is ended, and `result` rejects with an AbortedError. */
  readonly signal?: AbortSignal;
  /** Told of each event as it happens, as an alternative to reading them. */
  readonly onEvent?: (event: UploadEvent) => void;
}

/** What happens in an upload. Sizes are in bytes; `totalBytes` is undefined when one file's size is not known. */
export type UploadEvent =
  /** `isTakenOver` is true for the session of an earlier upload that never ended. */
  | { readonly type: "session"; readonly sessionId: string; readonly isTakenOver: boolean }
  | { readonly type: "file"; readonly fileName: string; readonly sizeBytes: number | undefined }
  | {
      readonly type: "progress";
      readonly fileName: string;
      readonly sentBytes: number;
      readonly totalSentBytes: number;
      readonly totalBytes: number | undefined;
    }
  | { readonly type: "resending"; readonly fileName: string; readonly reason: string }
  /** Goes on with what the server has already: of a line that broke, or, without a reason, of an earlier upload. */
  | {
      readonly type: "resuming";
      readonly fileName: string;
      readonly offsetBytes: number;
      readonly reason: string | undefined;
    }
  | {
      readonly type: "verified";
      readonly fileName: string;
      readonly checksum: ChecksumInfo | undefined;
    }
  /** Signed content raises warnings, all of which were accepted. */
  | {
      readonly type: "warnings";
      readonly warnings: readonly PreviewWarning[];
      readonly signer: PreviewSigner | undefined;
    }
  | { readonly type: "completing" }
  | { readonly type: "done"; readonly sessionId: string }
  /**
   * `isEnded` is false when the server could not be told: the session then ends by its expiration, unless the next upload of
   * the same account takes it over. `isKept` is true where the same upload can go on with what came.
   */
  | {
      readonly type: "failed";
      readonly sessionId: string;
      readonly isEnded: boolean;
      readonly isKept: boolean;
    };

/** A finished upload. */
export interface UploadResult {
  /** Id of the update session, which is DONE; perhaps not yet where nobody waits for it. */
  readonly sessionId: string;
  /** The files as the server holds them; sizes in bytes. */
  readonly files: readonly {
    readonly name: string;
    readonly sizeBytes: number;
    readonly checksum: ChecksumInfo | undefined;
  }[];
}

/** What an upload uses of its client. */
export interface UploadContext {
  /** Address of the server, without a slash at its end. */
  readonly serverUrl: string;
  readonly services: Pick<Services, "itemFile" | "updateSession" | "updateSessionFile">;
  readonly system: System;
  readonly serverClock: ServerClock;
  readonly retriesMax: number;
  readonly retryForMs: number | undefined;
  /** Whether the server is one of ours, which can go on where an upload broke off. */
  readonly isOurs: (signal: AbortSignal) => Promise<boolean>;
  readonly endpointHeaders: EndpointHeaders;
}
