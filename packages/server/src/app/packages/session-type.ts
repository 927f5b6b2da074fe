import { canRejectImages, rejectsImages } from "../../domain/bad-images.ts";
import type { Item } from "../../domain/item.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { CatalogReader, ItemType } from "../../ports/index.ts";
import type { Core } from "../core.ts";

/** What it takes to know a session's type. */
export type SessionTypeCore = Pick<Core, "itemTypes"> & {
  readonly catalog: Pick<CatalogReader, "findLibrary">;
};

/**
 * The type by which a session of the item judges files as they come. Where nothing that would be found could refuse them they are
 * plain: nobody looks at them before they are complete. (S132)
 */
export const sessionTypeOf = async (
  { catalog, itemTypes }: SessionTypeCore,
  { type, libraryId }: Pick<Item, "type" | "libraryId">,
): Promise<ItemType> => {
  if (!canRejectImages(type)) return itemTypes.of(type);
  const library = await catalog.findLibrary(libraryId);
  const isAsked = library !== null && rejectsImages(library.value, type);
  return itemTypes.of(isAsked ? type : "");
};

/** Whether the files of a session are judged by another type than they would be if it were made now. (S98, S133) */
export const isOfAnotherType = async (
  core: SessionTypeCore,
  { package: known }: UpdateSession,
  item: Pick<Item, "type" | "libraryId">,
): Promise<boolean> =>
  (await sessionTypeOf(core, item)).type !== (known?.type ?? core.itemTypes.of("").type);
