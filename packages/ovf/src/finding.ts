import type { FindingCode } from "./finding-codes.ts";

/** How grave a finding is: an error keeps the package out, a warning wants somebody's consent, a note tells. */
export type Severity = "error" | "warning" | "note";

/** Where in a file something was found: lines and columns count from 1 as editors do, offsets are bytes from 0. */
export type Place =
  | { readonly line: number; readonly column?: number }
  | { readonly offset: number };

/** One thing found wrong or odd in a package: plain data, so that it can be kept, sent and compared. */
export interface Finding {
  readonly code: FindingCode;
  /** The file of the package in which it stands, by its name there; the package's own name where it is of the whole. */
  readonly file: string;
  readonly place: Place | null;
  /** What it is about where that is not the file itself: another file, an identifier, an algorithm. */
  readonly subject: string | null;
  /** What should have been there, and what was there; as text fit to be shown, cut to a bounded length. */
  readonly expected: string | null;
  readonly actual: string | null;
}

/** Takes findings as they are made; a reader never keeps them itself. */
export type Report = (finding: Finding) => void;
