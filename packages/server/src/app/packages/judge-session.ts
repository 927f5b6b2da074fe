import type { Item } from "../../domain/item.ts";
import type { JudgedPackage } from "../../domain/plan-commit.ts";
import type { SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { CancelSignal } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import type { PackageCore } from "./settle-package.ts";

/** What the type that an item has now says of the files of its session; null where files mean nothing to the server. */
export const judgeSession = async (
  { itemTypes, packages }: PackageCore,
  item: Item,
  {
    files,
    signal,
  }: { readonly files: readonly SessionFile[]; readonly signal: CancelSignal | null },
): Promise<JudgedPackage | null> => {
  const itemType = itemTypes.of(item.type);
  if (!itemType.looksIntoFiles) return null;
  const judgement = await packages.judge({
    itemType,
    itemId: item.id,
    itemName: item.name,
    files,
    signal,
  });
  return { judgement, isKept: (name) => itemType.isKept(name) };
};

/** Whether something has to be found out about the files of a session before it can be completed. */
export const isLookedInto = async (
  { catalog, itemTypes }: Pick<Core, "catalog" | "itemTypes">,
  { package: known, itemId }: UpdateSession,
): Promise<boolean> => {
  if (known !== undefined) return true;
  const item = await catalog.findItem(itemId);
  return item !== null && itemTypes.of(item.value.type).looksIntoFiles;
};
