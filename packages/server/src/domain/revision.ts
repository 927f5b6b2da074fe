import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, ItemId } from "./ids.ts";
import type { ItemFile } from "./item.ts";
import type { Library } from "./library.ts";
import type { VerifiedContent } from "./package.ts";

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
  /** What was found out about the files; absent where nobody looked into them. */
  readonly content?: VerifiedContent;
}

/** The content version that a client spells as the API does, a decimal number; null for any other text. */
export const parseContentVersion = (text: string): number | null => {
  const number = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
};

/** How many content versions of its items a library keeps, by its own number or else the server's. */
export const revisionsKeptIn = (
  library: Pick<Library, "revisionsKept">,
  server: { readonly revisionsKept: number },
): number => library.revisionsKept ?? server.revisionsKept;

/** Most content versions that a refusal names. */
const VERSIONS_NAMED_MAX = 20;

/** The content versions that are kept, in words. */
const versionsText = (kept: readonly number[]): string => {
  if (kept.length === 0) return "none";
  const named = kept.slice(0, VERSIONS_NAMED_MAX).join(", ");
  const oldest = kept.at(-1) ?? "";
  return kept.length <= VERSIONS_NAMED_MAX ? named : `${named} and older ones down to ${oldest}`;
};

/** The content version that the text names, where it is among those that are kept; null for all others. */
export const findKept = (kept: readonly number[], text: string): number | null => {
  const version = parseContentVersion(text);
  return version !== null && kept.includes(version) ? version : null;
};

/** The refusal of a content version that is not kept; it names those that are, which are given newest first. */
export const versionNotKept = (
  itemId: ItemId,
  wished: string,
  kept: readonly number[],
): FaultValue => faultOf("item.version_not_kept", itemId, wished, versionsText(kept));

/** Most code points of a message that a list of changes shows (contract I21). */
const SHORT_MESSAGE_CHARACTERS_MAX = 80;

/** The first line of a message, cut to what a list shows of it. */
export const shortMessageOf = (message: string): string => {
  const [line = ""] = message.split(/\r\n?|\n/, 1);
  return Array.from(line).slice(0, SHORT_MESSAGE_CHARACTERS_MAX).join("");
};
