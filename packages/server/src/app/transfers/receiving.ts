import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Checksum } from "../../domain/checksum.ts";
import type { AppendRequest, PartialUpload, UploadEntry } from "../../domain/partial-upload.ts";
import type { SessionPackage } from "../../domain/package.ts";
import type { BroughtFile } from "../../domain/update-session.ts";
import type { CutReason, LiveTransfer } from "../live-transfers.ts";

/** What a client says of the bytes it sends. */
export interface SentBytes extends AppendRequest {
  /** What these bytes alone must have as their digest; null where it is not said. */
  readonly checksum: Checksum | null;
}

/** An upload that was let in. */
export interface Receiving {
  readonly transfer: LiveTransfer;
  readonly entry: UploadEntry;
  readonly file: BroughtFile;
  /** What the bytes go behind. */
  readonly partial: PartialUpload;
  /** Whether the catalog knows the partial already. */
  readonly isKnown: boolean;
  readonly sent: SentBytes;
  /** What is known of the package that the file belongs to; null where files stand for themselves. */
  readonly packaged: SessionPackage | null;
  /** Whether it is one request with the whole file, which a failure of the storage spoils. */
  readonly isPlain: boolean;
  /**
   * Set where the server itself fetches the bytes: they go behind those that are here, as a piece does, and nobody else has the
   * rest, so that what is wrong with them spoils the file.
   */
  readonly pulled?: {
    /** Where they come from in the end; null where that is not known any more. */
    readonly finalUrl: string | null;
  };
}

/** What the client of a transfer that was cut is told. */
export const cutFault = (fileName: string, reason: CutReason): FaultValue => {
  switch (reason.kind) {
    case "superseded":
      return faultOf("transfer.superseded", fileName);
    case "session-ended":
      return reason.why === undefined
        ? faultOf("transfer.session_ended", reason.state)
        : faultOf("transfer.cut", fileName, reason.why);
    case "removed":
      return faultOf("transfer.cut", fileName, "the file was removed, or added again");
    case "client-gone":
      return faultOf("transfer.cut", fileName, "the client went away");
    case "shutdown":
      return faultOf(
        "transfer.cut",
        fileName,
        "the server is shutting down; send the file again later",
      );
  }
};

/** Whether the file takes no bytes any more after such a cut. */
export const endsEntry = (reason: CutReason | null): boolean =>
  reason?.kind === "session-ended" || reason?.kind === "removed";

/** Whether nobody can go on with the bytes after such a cut. */
export const endsUpload = (reason: CutReason | null): boolean =>
  endsEntry(reason) && !(reason?.kind === "session-ended" && reason.keepsBytes === true);
