/** A member as it was announced. */
export interface MemberState {
  readonly name: string;
  readonly sizeBytes: number;
}

/** What the next bytes are. */
export type ArchivePhase =
  /** A block with a header, or the first of zeros. */
  | "header"
  /** The body of an extension header that is gathered. */
  | "extension"
  /** The body of an extension header that says nothing to us, or of a member that is passed over. */
  | "ignored"
  | "member"
  /** What fills the last block up. */
  | "padding"
  /** The second block of zeros. */
  | "mark"
  /** What follows the end. */
  | "tail"
  /** Nothing any more: an error was reported, or `end` was called. */
  | "over";

/**
 * Where a reader of an archive stands, as a value that JSON can hold: with it another reader goes on at the same byte. It grows
 * with the number of members, and holds at most one extension header besides.
 */
export interface ArchiveState {
  readonly version: 1;
  readonly phase: ArchivePhase;
  /** Bytes taken so far. */
  readonly position: number;
  /** Bytes that are still to come of what the phase names. */
  readonly remaining: number;
  /** Where the header lies that was read last. */
  readonly headerAt: number;
  /** Bytes of the body after it. */
  readonly bodyBytes: number;
  /** What was gathered of a header or an extension, in Base64. */
  readonly gathered: string;
  /** The kind of the extension that is gathered: `x`, `g` or `L`. */
  readonly extension: string;
  /** The member that began last. */
  readonly member: MemberState | null;
  /** What extensions say of the next member. */
  readonly next: {
    readonly longName: string | null;
    readonly paxName: string | null;
    readonly paxSize: string | null;
    /** Whether there was a pax header: a second one is refused, since readers differ in what holds then. */
    readonly hasPax: boolean;
  };
  readonly headers: number;
  /** Extension headers since the last member. */
  readonly extensions: number;
  /** The first member, as the descriptor should be it. */
  readonly firstName: string | null;
  readonly hasDescriptor: boolean;
  /** Names of the members, folded as they are compared. */
  readonly names: readonly string[];
  /** Where the archive ended; null as long as it did not. */
  readonly endedAt: number | null;
  /** Whether anything but zeros follows the end. */
  readonly hasTrailing: boolean;
}

/** Before the first byte. */
export const START_OF_ARCHIVE: ArchiveState = {
  version: 1,
  phase: "header",
  position: 0,
  remaining: 512,
  headerAt: 0,
  bodyBytes: 0,
  gathered: "",
  extension: "",
  member: null,
  next: { longName: null, paxName: null, paxSize: null, hasPax: false },
  headers: 0,
  extensions: 0,
  firstName: null,
  hasDescriptor: false,
  names: [],
  endedAt: null,
  hasTrailing: false,
};
