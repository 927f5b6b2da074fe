import type { ItemFile } from "../item.ts";
import type { KeptFile } from "../update-session.ts";

/** A file of the item as it stands in a session that leaves it alone. (S14) */
export const keptFile = (file: ItemFile): KeptFile => ({ source: "NONE", ...file });
