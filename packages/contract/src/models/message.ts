import { z } from "zod";
import { DATE_TIME_FORMATS } from "../vocabulary/enumerations.ts";
import {
  fraction,
  instant,
  integer,
  listOf,
  mapOf,
  of,
  oneOf,
  optional,
  structure,
  text,
} from "./schema.ts";

/** A text inside another text, as a value. */
export interface NestedMessage {
  id: string;
  params?: Record<string, z.output<typeof localizationParam>>;
}

const NESTED = "A text inside another text, with its own named arguments.";

/** A message inside another message's parameter. */
export const nestedMessage: z.ZodType<NestedMessage> = z
  .object({
    id: text("Id of the text, by which a catalogue of translations finds it."),
    get params() {
      return optional(mapOf(localizationParam, "Named arguments of the text."));
    },
  })
  .meta({
    structure: "NestedMessage",
    about: NESTED,
    description: NESTED,
    canonical: "com.vmware.vapi.std.nested_localizable_message",
    required: ["id"],
  });

/** One named argument of a message. Exactly one of its value members is present. */
export const localizationParam = structure(
  "LocalizationParam",
  "One named argument of a text: a value of one kind and, where it helps, how to show it.",
  {
    s: optional(text("A string value.")),
    dt: optional(instant("An instant value.")),
    i: optional(integer("An integer value.")),
    d: optional(fraction("A value with a fraction.")),
    l: optional(of(nestedMessage, "A text value with its own arguments.")),
    format: optional(
      oneOf(DATE_TIME_FORMATS, "How to show the instant; absent means short date and time."),
    ),
    precision: optional(integer("How many decimals of the fraction to show.")),
  },
  { canonical: "com.vmware.vapi.std.localization_param" },
);

/** One entry of a message stack. */
export const message = structure(
  "Message",
  "A text for people, with the id and the arguments it was made of.",
  {
    id: text("Id of the text, by which a catalogue of translations finds it."),
    default_message: text("The text in English with its arguments filled in."),
    args: listOf(z.string(), "Positional arguments of the text; empty when there are none."),
    params: optional(
      mapOf(localizationParam, "Named arguments of the text; this server sends none."),
    ),
    localized: optional(text("The text in the language asked for; this server sends none.")),
  },
  {
    canonical: "com.vmware.vapi.std.localizable_message",
    required: ["id", "default_message", "args"],
  },
);
