import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant } from "../domain/ids.ts";
import type { PackageFile, PackageJudgement, PackagePreview } from "../domain/package.ts";
import type { ByteRange, OpenBlob } from "./blob-store.ts";

/** A name of a session's file set. */
export interface PresentName {
  readonly name: string;
  /** Whether the session brings it; else the item has it already. */
  readonly isPushed: boolean;
}

/** The files of an item as they are at some moment. */
export interface TypedFiles {
  readonly itemName: string;
  /** Those that are whole. */
  readonly files: readonly PackageFile[];
  /** Names that are in the set, and whose bytes are still to come. */
  readonly awaited: readonly string[];
  /** Opens a whole file, or a range of it as if it were one; whoever asks reads it to its end or closes it. */
  readonly open: (file: PackageFile, range?: ByteRange) => Promise<OpenBlob>;
  /** Whether the library takes no bad images of discs; always false for a type that has none. */
  readonly rejectsBadImages: boolean;
  /** Certificates that are trusted, as PEM. */
  readonly trusted: readonly string[];
  readonly now: Instant;
}

/**
 * What there is to know about the files of one type of item: which belong together, what is wrong with them, and what they say.
 * For implementers: the same files give the same judgement, in whatever order they came; a crooked file ends in faults, and only
 * what `open` fails with is thrown. Judging is asked for after each file, so that what was read is kept, within bounds, and
 * known again by its digest. It does not hold the thread for long at a time.
 */
export interface ItemType {
  /** What items of the type have as their `type`, in lower case. Empty for the one that serves all others. */
  readonly type: string;
  /** False for a type whose files mean nothing to the server: then nobody asks anything else. */
  readonly looksIntoFiles: boolean;
  /** Whether what comes of one file says something of others; else each stands for itself, and a preview never changes. */
  readonly isPackage: boolean;
  /** Whether a file of that name is read, for what it says of others or of itself. */
  tellsOfOthers(name: string): boolean;
  /** Whether a file of that name is an archive whose members are meant: what it holds is found out while its bytes pass. */
  isArchive(name: string): boolean;
  /** False for a file that is checked, and then not kept with the item. */
  isKept(name: string): boolean;
  /** Why that file may not join those that are there; null where it may. A name that is there is replaced. */
  checkAdd(file: PresentName, present: readonly PresentName[]): FaultValue | null;
  /** What a session shows whose files are all there, and not judged yet. */
  previewBefore(names: readonly string[]): PackagePreview;
  judge(files: TypedFiles): Promise<PackageJudgement>;
}

/** The types of items. */
export interface ItemTypes {
  /** Total: whatever no other one serves is plain. The type is compared without case. */
  of(type: string): ItemType;
}
