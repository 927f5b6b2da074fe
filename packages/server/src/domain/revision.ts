import type { Instant, ItemId } from "./ids.ts";
import type { ItemFile } from "./item.ts";

/** Fewest and most content versions of an item that can be kept. */
export const REVISIONS_KEPT_MIN = 1;
export const REVISIONS_KEPT_MAX = 1_000;

/** Who made one content version of an item, and when (contract I21). */
export interface RevisionHead {
  readonly itemId: ItemId;
  readonly contentVersion: number;
  readonly at: Instant;
  /** Full name of the user who completed the change; absent where it is not known. */
  readonly userName?: string;
  readonly message?: string;
}

/**
 * One content version of an item: its file list, and how it came about. The newest is what the item shows; the last few before it
 * keep their files and bytes. The version an item is created with, "1", holds no files and has no revision.
 */
export interface Revision extends RevisionHead {
  readonly files: readonly ItemFile[];
}

/** The content version that a client spells as the API does, a decimal number; null for any other text. */
export const parseContentVersion = (text: string): number | null => {
  const number = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
};

/** Most code points of a message that a list of changes shows (contract I21). */
const SHORT_MESSAGE_CHARACTERS_MAX = 80;

/** The first line of a message, cut to what a list shows of it. */
export const shortMessageOf = (message: string): string => {
  const [line = ""] = message.split(/\r\n?|\n/, 1);
  return Array.from(line).slice(0, SHORT_MESSAGE_CHARACTERS_MAX).join("");
};
