/**
 * Keeps passwords that this server must be able to present elsewhere, and so can not hash: sealed under a key that never enters
 * the catalog, whose file is of no use without it. A sealed text is bound to its place, such as `library:` and the library's id:
 * moved to another place in the catalog, it stays shut there.
 */
export interface SecretSeal {
  /** The text sealed, fit to be stored; sealing twice gives two texts that do not show that they hold the same. */
  seal(text: string, place: string): string;
  /** What was sealed. A `PortError` of kind `corrupt` when it was sealed under another key or for another place, or is damaged. */
  open(sealed: string, place: string): string;
}
