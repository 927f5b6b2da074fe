import { flag, integer, optional, structure } from "./schema.ts";

/** The settings of a library that are not the API's own. */
export const librarySettingInfo = structure(
  "LibrarySettingInfo",
  "The settings of a library that are not the API's own.",
  {
    revisions: optional(
      integer(
        "How many content versions are kept of each of its items; absent where the server's own number counts.",
      ),
    ),
    revisions_in_effect: integer(
      "The number that counts: its own, else the server's. The present version is among them.",
    ),
    reject_bad_iso: flag(
      "Whether items of type iso take no image that is shorter than its own volume says, or has no volume.",
    ),
  },
  {
    canonical: "contentlib.libraries.settings.info",
    required: ["revisions_in_effect", "reject_bad_iso"],
  },
);

/** What can be changed of the settings of a library. */
export const librarySettingUpdateSpec = structure(
  "LibrarySettingUpdateSpec",
  "Changes to the settings of a library; absent members stay as they are.",
  {
    revisions: optional(
      integer(
        "How many content versions are kept of each of its items from now on, the present one among them: 1 to 1000.",
      ),
    ),
    unset_revisions: optional(
      flag("True where the server's own number is to count again; not together with revisions."),
    ),
    reject_bad_iso: optional(
      flag(
        "Whether items of type iso take no image that is shorter than its own volume says, or has no volume.",
      ),
    ),
  },
  { canonical: "contentlib.libraries.settings.update_spec" },
);
