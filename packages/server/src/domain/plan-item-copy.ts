import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, ItemId } from "./ids.ts";
import type { Item } from "./item.ts";
import { holdsFiles } from "./item-types.ts";
import type { Library } from "./library.ts";
import { nameKey } from "./names.ts";
import type { VerifiedContent } from "./package.ts";
import { planItemCreate } from "./plan-item.ts";
import type { ItemWish } from "./plan-item.ts";
import type { Revision } from "./revision.ts";
import { checkContentAllowed } from "./security-policy.ts";
import { withContent } from "./verified-content.ts";

/** A copy of an item, and its revision where it has files. */
export interface ItemCopy {
  readonly item: Item;
  readonly revision: Revision | null;
}

/** The content of a copy that has files is its one completed change, after the empty version it would have been created with. */
const COPIED_CONTENT_VERSION = 2;

const checkFiles = (
  source: Item,
  copy: Item,
  {
    library,
    content,
  }: { readonly library: Library; readonly content: VerifiedContent | undefined },
): FaultValue | null => {
  if (source.files.length === 0) return null;
  if (holdsFiles(copy.type))
    return checkContentAllowed(library, copy.type, content?.verification ?? null);
  const reason = `the content of a ${copy.type} is not made of files, and library item ${source.id} has some`;
  return faultOf("item.invalid_property", "type", reason);
};

/**
 * A new item in a local library with the bytes that the source has now (contract I14): its files name the same digests, so none is
 * moved, and begin at version 1. Description and type are the source's unless others are wished; the type decides what the
 * files mean. Where a policy guards such content, files are refused. (S74)
 */
export const planItemCopy = (input: {
  readonly id: ItemId;
  readonly source: Item;
  /** What was found out about the content of the source, where somebody looked into it. */
  readonly content?: VerifiedContent;
  /** The library that the copy is to belong to. */
  readonly library: Library;
  readonly wish: ItemWish;
  /** Full name of the user who copies. */
  readonly userName: string;
  readonly now: Instant;
}): ItemCopy | FaultValue => {
  const { id, source, library, now } = input;
  const wish = { description: source.description, type: source.type, ...input.wish };
  const empty = planItemCreate({ id, library, wish, now });
  if (isFault(empty)) return empty;
  // Under another type the files mean something else.
  const content = nameKey(empty.type) === nameKey(source.type) ? input.content : undefined;
  const fault = checkFiles(source, empty, { library, content });
  if (fault !== null) return fault;
  if (source.files.length === 0) return { item: empty, revision: null };
  const files = source.files.map((file) => ({ ...file, version: 1 }));
  return {
    item: withContent({ ...empty, files, contentVersion: COPIED_CONTENT_VERSION }, content),
    revision: {
      itemId: id,
      contentVersion: COPIED_CONTENT_VERSION,
      at: now,
      userName: input.userName,
      files,
      ...(content === undefined ? {} : { content }),
    },
  };
};
