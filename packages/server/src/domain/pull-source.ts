import type { RemotePin } from "./remote-pin.ts";

/** Where a file is pulled from, as its session keeps it. */
export interface PullSource {
  /** As it may be repeated to whoever asks: without user and password. */
  readonly url: string;
  readonly pin?: RemotePin;
  /** Name of the secret that goes to its own origin. */
  readonly secret?: string;
  /** User and password that stood in the address, sealed for `loginPlace`; gone once nothing is pulled by it any more. */
  readonly sealedLogin?: string;
  /**
   * Where the bytes came from in the end, without query: what is named beside the file lies beside that. Only of a file whose bytes
   * are here, and only where redirects led elsewhere than to `url`.
   */
  readonly finalUrl?: string;
  /** Whether the files that this one names beside it were looked for, and are pulled as well. Only of a file whose bytes are here. (S116) */
  readonly isFollowed?: true;
}

/** What the login of a pulled file is sealed for: moved to another file, it stays shut. */
export const loginPlace = (entryId: string): string => `pull:${entryId}`;

/** The source without the login that stood in its address. (S100) */
export const withoutLogin = ({ sealedLogin: _, ...source }: PullSource): PullSource => source;

/** The address of a source without its query, which is of that file alone, and may sign it. */
export const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, "");

/** Where the names beside a pulled file lie. */
export const baseOf = ({ url, finalUrl }: PullSource): string => finalUrl ?? withoutQuery(url);
