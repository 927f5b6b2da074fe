import { SECURITY_RULE_TYPES } from "../vocabulary/enumerations.ts";
import { listOf, oneOf, optional, structure, text } from "./schema.ts";

/** A kind of item that this server understands. */
export const typeInfo = structure(
  "TypeInfo",
  "A kind of library item whose files this server understands.",
  {
    description: text("What the kind is for."),
    name: text("Name of the part of the server that understands it."),
    type: text("The word that items of this kind have as their type."),
    vendor: text("Who made that part."),
    version: text("Version of that part."),
    supported_rules: optional(
      listOf(
        oneOf(SECURITY_RULE_TYPES, "A rule."),
        "Rules of security policies that items of this kind can be held to; absent when there are none.",
      ),
    ),
  },
  {
    canonical: "com.vmware.content.type.info",
    required: ["description", "name", "type", "vendor", "version"],
  },
);
