import type { Library } from "../../domain/library.ts";
import { checkSubscribedItem } from "../../domain/plan-item.ts";
import type { Core } from "../core.ts";
import { loadItem, loadLibraryOf } from "../item/access.ts";
import { orFault } from "../or-fault.ts";

/** The subscribed library of an item; an item of a local one is the caller's mistake (contract I22). */
export const loadLibraryOfSubscribedItem = async (
  { catalog }: Pick<Core, "catalog">,
  idText: string,
): Promise<Library> => {
  const { value: item } = await loadItem(catalog, idText);
  const { value: library } = await loadLibraryOf(catalog, item);
  orFault(checkSubscribedItem(item, library));
  return library;
};
