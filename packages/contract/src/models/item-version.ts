import { itemFileInfo } from "./item.ts";
import { flag, instant, listOf, optional, structure, text } from "./schema.ts";

/** A content version of an item that is kept, with its files. */
export const itemVersionInfo = structure(
  "ItemVersionInfo",
  "A content version of a library item that is kept, with its files.",
  {
    version: text("The content version, a decimal number."),
    current: flag("Whether it is what the item holds now."),
    time: instant("When the change that made it was completed."),
    user: optional(text("Full name of the user who made it; absent when that is not known.")),
    message: optional(text("What was said of the change, whole.")),
    files: listOf(itemFileInfo, "Its files, as they were."),
  },
  {
    canonical: "contentlib.items.versions.info",
    required: ["version", "current", "time", "files"],
  },
);
