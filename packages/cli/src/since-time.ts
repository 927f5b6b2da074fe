import { spokenTime } from "./expiry-time.ts";

/** The instant that a word like `7d` means, so long before now; any other word is taken for a time. */
export const sinceTime = (word: string, now: number): string =>
  spokenTime(word, (spanMs) => now - spanMs);
