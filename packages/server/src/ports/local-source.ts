import type { CancelSignal } from "./clock.ts";
import type { RemoteFile } from "./remote-source.ts";

/** A file of this machine that is to be read, from its first byte or going on where another reading broke off. */
export interface LocalWish {
  /** An address of the scheme `file` or `ds`. */
  readonly url: string;
  readonly signal: CancelSignal;
  /** Bytes that are here already, and the validator of the file they are of. */
  readonly from?: { readonly offsetBytes: number; readonly validator: string };
}

/**
 * Reads files below the directories that the operator has opened, and none else. What it gives is used as a file of another server
 * is: its size and its validator are always known, and it starts at the wished offset unless the file is another one by now. Each
 * rejection, and each failure of a body, is a `RemoteError`, whose message tells no path but the one that was asked for: `url` for no
 * such address, `fenced` for one that lies in no open directory, `absent` for whatever can not be read there, be it that there is
 * nothing, no plain file, or a link that leads out, and `changed` for a file that does not stay as it was when it was opened.
 */
export interface LocalSource {
  /** Whether any directory is open. */
  readonly isOpen: boolean;
  open(wish: LocalWish): Promise<RemoteFile>;
}
