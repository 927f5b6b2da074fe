import type { Item } from "../../domain/item.ts";
import type { JudgedPackage } from "../../domain/plan-commit.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { CancelSignal } from "../../ports/index.ts";
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
  const judgement = await packages.judge({ itemType, itemName: item.name, files, signal });
  return { judgement, isKept: (name) => itemType.isKept(name) };
};
