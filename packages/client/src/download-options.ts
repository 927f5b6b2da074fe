import type { ChecksumInfo } from "@contentlib/contract";
import type { EndpointHeaders } from "./endpoint-login.ts";
import type { ServerClock } from "./server-clock.ts";
import type { Services } from "./services/services.ts";
import type { System } from "./system.ts";

/** A file that is about to be received. */
export interface IncomingFile {
  /** Its name in the item, which may hold characters that no file system takes. */
  readonly name: string;
  /** Size in bytes; undefined where the server does not say. */
  readonly sizeBytes: number | undefined;
  /** What the bytes must add up to; empty when the server does not say. */
  readonly checksums: readonly ChecksumInfo[];
}

/** Takes the bytes of one file. */
export interface FileSink {
  /** Takes the next bytes. They may be overwritten once the promise has settled; what it rejects with ends the download. */
  write(chunk: Uint8Array): Promise<void>;
  /** All bytes were written: verify them and keep the file. Throws ProtocolError when they are not those announced. */
  finish(): Promise<void>;
  /** Throws away what was written. */
  discard(): Promise<void>;
  /** How many bytes of an interrupted download of the very same file are here; they are not written again. */
  readonly keptBytes?: number;
  /** Throws away what is here and begins anew, where the server does not go on from an offset. It goes with `keptBytes`. */
  restart?(): Promise<void>;
  /** Keeps what was written, for another download of the file to go on with. Where it is absent, it is thrown away. */
  keep?(): Promise<void>;
}

/** Where downloaded files go. */
export interface DownloadSink {
  /** A sink for the file, or null to leave it out because it is there already. The signal aborts when the download is given up. */
  open(file: IncomingFile, signal?: AbortSignal): Promise<FileSink | null>;
}

/** What to download, and where to. */
export interface DownloadOptions {
  /** Id of the item. */
  readonly itemId: string;
  /** A content version that is kept; the present one when absent. Only servers of this make know of others. */
  readonly version?: string;
  /** Names of the files wanted; all when absent. */
  readonly fileNames?: readonly string[];
  /**
   * Fetches, in place of the files, the archive that they came in, byte for byte. Only servers of this make keep one, of the present
   * content, until one of the files changes.
   */
  readonly original?: boolean;
  /** Where the files go. */
  readonly sink: DownloadSink;
  /** Gives the download up: `result` rejects with an AbortedError. */
  readonly signal?: AbortSignal;
  /** Told of each event as it happens, as an alternative to reading them. */
  readonly onEvent?: (event: DownloadEvent) => void;
}

/** What happens in a download. Sizes are in bytes. */
export type DownloadEvent =
  | { readonly type: "session"; readonly sessionId: string }
  | { readonly type: "file"; readonly fileName: string; readonly sizeBytes: number | undefined }
  | {
      readonly type: "progress";
      readonly fileName: string;
      readonly receivedBytes: number;
      readonly totalReceivedBytes: number;
      readonly totalBytes: number | undefined;
    }
  /** Goes on behind what is here: after a line that broke, or, without a reason, after an earlier download. */
  | {
      readonly type: "continuing";
      readonly fileName: string;
      readonly offsetBytes: number;
      readonly reason: string | undefined;
    }
  | { readonly type: "verified"; readonly fileName: string }
  | { readonly type: "skipped"; readonly fileName: string }
  | { readonly type: "done" };

/** A finished download. */
export interface DownloadResult {
  /** The content version that all the files are of. */
  readonly contentVersion: string;
  /** The files, in the order in which they came. */
  readonly files: readonly {
    readonly name: string;
    readonly sizeBytes: number;
    readonly isSkipped: boolean;
  }[];
}

/** What a download uses of its client. */
export interface DownloadContext {
  readonly services: Pick<
    Services,
    "downloadSession" | "downloadSessionFile" | "item" | "itemFact" | "itemFile" | "itemVersion"
  >;
  readonly system: System;
  readonly serverClock: ServerClock;
  readonly retriesMax: number;
  readonly retryForMs: number | undefined;
  readonly endpointHeaders: EndpointHeaders;
}

/** A file was asked for that the item does not have, or an archive that its files did not come in. */
export class MissingFileError extends Error {
  override readonly name = "MissingFileError";
}
