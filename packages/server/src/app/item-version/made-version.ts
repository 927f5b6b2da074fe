import { parseItemId } from "../../domain/ids.ts";
import type { ItemId } from "../../domain/ids.ts";
import { parseContentVersion } from "../../domain/revision.ts";

/** A content version that a rollback made. */
export interface MadeVersion {
  readonly itemId: ItemId;
  readonly contentVersion: number;
}

/** How the result of a rollback is remembered under its `client_token`; the catalog forgets it with the item. */
export const madeVersionText = ({ itemId, contentVersion }: MadeVersion): string =>
  `${itemId}@${String(contentVersion)}`;

/** Such a result; null for any other text. */
export const parseMadeVersion = (text: string): MadeVersion | null => {
  const [id = "", version = ""] = text.split("@", 2);
  const itemId = parseItemId(id);
  const contentVersion = parseContentVersion(version);
  return itemId === null || contentVersion === null ? null : { itemId, contentVersion };
};
