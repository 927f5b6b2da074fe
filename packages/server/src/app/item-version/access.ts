import type { Item } from "../../domain/item.ts";
import type { Revision } from "../../domain/revision.ts";
import { findKept, versionNotKept } from "../../domain/revision.ts";
import type { CatalogReader } from "../../ports/index.ts";
import { Fault } from "../fault.ts";

type RevisionReader = Pick<CatalogReader, "listRevisions" | "findRevisionFiles">;

/** The content versions of an item that are kept, newest first. */
export const keptVersions = async (
  catalog: Pick<RevisionReader, "listRevisions">,
  { id }: Item,
): Promise<readonly number[]> =>
  (await catalog.listRevisions(id)).map(({ contentVersion }) => contentVersion);

/** A kept content version of an item, as the caller spells it. One that is not kept is not found, and those that are are named. */
export const loadRevision = async (
  catalog: RevisionReader,
  { id }: Item,
  versionText: string,
): Promise<Revision> => {
  const heads = await catalog.listRevisions(id);
  const kept = heads.map(({ contentVersion }) => contentVersion);
  const version = findKept(kept, versionText);
  const head = heads.find(({ contentVersion }) => contentVersion === version);
  const files = version === null ? null : await catalog.findRevisionFiles(id, version);
  // A version can be forgotten between the two looks: then it is as if it had been before the first.
  if (head === undefined || files === null)
    throw new Fault(
      versionNotKept(
        id,
        versionText,
        kept.filter((one) => one !== version),
      ),
    );
  return { ...head, files };
};
