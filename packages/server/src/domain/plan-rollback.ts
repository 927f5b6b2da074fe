import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { parseChangeMessage } from "./change-message.ts";
import type { Instant } from "./ids.ts";
import { holdsFiles } from "./item-types.ts";
import type { Item, ItemFile } from "./item.ts";
import type { Library } from "./library.ts";
import { checkLocal } from "./plan-library.ts";
import type { Revision } from "./revision.ts";
import { findKept, versionNotKept } from "./revision.ts";
import { checkContentAllowed } from "./security-policy.ts";
import { withContent } from "./verified-content.ts";

/** The item with the files of an earlier content version, and the revision that says so. */
export interface Rollback {
  readonly item: Item;
  readonly revision: Revision;
}

/**
 * Which content version of an item of a local library a rollback goes to: the one wished, or the newest that is kept before the
 * present one.
 */
export const pickRollback = (input: {
  readonly item: Pick<Item, "id" | "contentVersion">;
  readonly library: Library;
  /** The content versions that are kept, newest first. */
  readonly kept: readonly number[];
  /** The content version as the caller spells it. */
  readonly wished?: string;
}): number | FaultValue => {
  const { item, library, kept, wished } = input;
  const notLocal = checkLocal(library);
  if (notLocal !== null) return notLocal;
  const present = String(item.contentVersion);
  if (wished === present) return faultOf("item.version_is_present", item.id, present);
  if (wished !== undefined) return findKept(kept, wished) ?? versionNotKept(item.id, wished, kept);
  return (
    kept.find((version) => version < item.contentVersion) ??
    faultOf("item.no_version_before", item.id, present)
  );
};

/** A name that gets other bytes than it has moves on by one, as when a session replaces it (contract I11). */
const filesBack = (present: readonly ItemFile[], former: readonly ItemFile[]): ItemFile[] => {
  const byName = new Map(present.map((file) => [file.name, file]));
  return former.map((file) => {
    const now = byName.get(file.name);
    if (now === undefined) return { ...file, version: 1 };
    return { ...file, version: now.digest === file.digest ? now.version : now.version + 1 };
  });
};

const messageOf = (version: number, said: string | undefined): string => {
  const what = `Rollback to ${String(version)}`;
  return said === undefined ? what : `${what}: ${said}`;
};

const checkFilesAllowed = (
  item: Item,
  library: Library,
  { files, content }: Pick<Revision, "files" | "content">,
): FaultValue | null =>
  files.length > 0 && !holdsFiles(item.type)
    ? faultOf("update_session.unsupported_item", item.id, item.type)
    : checkContentAllowed(library, item.type, content?.verification ?? null);

/**
 * The item after a rollback to a version that was picked: a new content version with the files, and the order of files, of an earlier one
 * (contract I9, I11). They name the same digests, so no bytes move. (S89) Where a policy guards such content, it is refused as complete
 * would refuse it. (S74) That no update session is ACTIVE on the item is for the catalog to assure, in the commit itself.
 */
export const planRollback = (input: {
  readonly item: Item;
  readonly library: Library;
  /** The content version to go back to, and its files. */
  readonly to: Pick<Revision, "contentVersion" | "files" | "content">;
  /** What the caller says of the change. */
  readonly message?: string;
  /** Full name of the user who rolls back. */
  readonly userName: string;
  readonly now: Instant;
}): Rollback | FaultValue => {
  const { item, library, to, now } = input;
  const said = parseChangeMessage(input.message, "message");
  if (isFault(said)) return said;
  const fault = checkFilesAllowed(item, library, to);
  if (fault !== null) return fault;
  const contentVersion = item.contentVersion + 1;
  const files = filesBack(item.files, to.files);
  const message = messageOf(to.contentVersion, said);
  const modifiedAt = Math.max(item.modifiedAt, now);
  return {
    item: withContent({ ...item, files, contentVersion, modifiedAt }, to.content),
    revision: {
      itemId: item.id,
      contentVersion,
      at: now,
      userName: input.userName,
      message,
      files,
      ...(to.content === undefined ? {} : { content: to.content }),
    },
  };
};
