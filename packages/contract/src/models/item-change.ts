import { instant, optional, structure, text } from "./schema.ts";

const when = "When the change was completed.";
const who = "Full name of the user who made it; absent when that is not known.";

/** A change to the files of an item, in short. */
export const itemChangeSummary = structure(
  "ItemChangeSummary",
  "A change to the files of a library item, in short.",
  {
    version: text("The content version that the change made, a decimal number."),
    time: instant(when),
    user: optional(text(who)),
    short_message: optional(
      text("First line of what was said of the change, at most 80 characters of it."),
    ),
  },
  {
    canonical: "com.vmware.content.library.item.changes.summary",
    required: ["version", "time"],
  },
);

/** A change to the files of an item. */
export const itemChangeInfo = structure(
  "ItemChangeInfo",
  "A change to the files of a library item.",
  {
    time: instant(when),
    user: optional(text(who)),
    message: optional(text("What was said of the change, whole.")),
  },
  { canonical: "com.vmware.content.library.item.changes.info", required: ["time"] },
);
