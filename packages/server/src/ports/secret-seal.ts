/**
 * Keeps passwords that this server must be able to present elsewhere, and so can not hash: sealed under a key that never enters
 * the catalog, whose file is of no use without it.
 */
export interface SecretSeal {
  /** The text sealed, fit to be stored; sealing twice gives two texts that do not show that they hold the same. */
  seal(text: string): string;
  /** What was sealed. A `PortError` of kind `corrupt` when it was sealed under another key, or is damaged. */
  open(sealed: string): string;
}
