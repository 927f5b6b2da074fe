import { FINDING_SEVERITIES, IMAGE_BOOTS, IMAGE_FORMATS } from "../vocabulary/enumerations.ts";
import { flag, integer, listOf, oneOf, optional, structure, text } from "./schema.ts";

/** An image of a disc. */
export const discImage = structure(
  "DiscImage",
  "What an image of a disc says of itself; its maker's own words, so not to be shown as markup.",
  {
    file: text("Name of its file."),
    formats: listOf(
      oneOf(IMAGE_FORMATS, "A file system."),
      "File systems on it, often both; none where it has no volume.",
    ),
    volume_label: optional(text("Its name, as file managers show it.")),
    volume_size: optional(
      integer("Bytes that its volume takes up by its own words; absent where it does not say."),
    ),
    file_size: integer("Bytes that its file has."),
    boots: listOf(
      oneOf(IMAGE_BOOTS, "A firmware."),
      "Firmware that can start from it as from a disc.",
    ),
    hybrid: flag("Whether it has a partition table too, so that it starts from a stick."),
  },
  {
    canonical: "contentlib.items.facts.image",
    required: ["file", "formats", "file_size", "boots", "hybrid"],
  },
);

/** Something that was found in content, and did not keep it out. */
export const contentFinding = structure(
  "ContentFinding",
  "Something that was found in a file and did not keep it out.",
  {
    code: text("Its stable name, as in the list of findings."),
    severity: oneOf(FINDING_SEVERITIES, "How grave it is."),
    file: text("Name of the file."),
    text: text("What was found, in one sentence with its values."),
    mend: text("How it can be mended, in one sentence."),
  },
  {
    canonical: "contentlib.items.facts.finding",
    required: ["code", "severity", "file", "text", "mend"],
  },
);
