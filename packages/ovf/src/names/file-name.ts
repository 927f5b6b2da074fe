import { makeFinding } from "../make-finding.ts";
import type { Finding } from "../finding.ts";
import { NAME_BYTES_MAX } from "../limits.ts";

const SEPARATOR_OR_CONTROL = /[/\\:\p{Cc}]/u;
const BLANK_OR_DOT_AT_AN_END = /^[\s.]|[\s.]$/u;
// Names of devices in Windows, which it also sees in `CON.txt`.
const RESERVED =
  /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\.|$)/iu;

const encoder = new TextEncoder();

/** Why a name can not be that of a file in an item; null where it can. */
export type NameFault = "refused" | "too_long";

/**
 * The one rule for names of files, wherever they come from: files of an item, hrefs, members of an archive. A name is one
 * component of a path, without separators, colons and control characters, without blanks or dots at its ends, and none of
 * those that Windows keeps for devices. It has at most 255 bytes in UTF-8.
 */
export const nameFaultOf = (name: string): NameFault | null => {
  // In UTF-8 a code unit has three bytes at most and one at least; so most names need not be encoded to be measured.
  if (name.length > NAME_BYTES_MAX) return "too_long";
  if (name === "" || !name.isWellFormed()) return "refused";
  if (SEPARATOR_OR_CONTROL.test(name) || BLANK_OR_DOT_AT_AN_END.test(name) || RESERVED.test(name))
    return "refused";
  const sure = name.length * 3 <= NAME_BYTES_MAX;
  return sure || encoder.encode(name).length <= NAME_BYTES_MAX ? null : "too_long";
};

/** The finding about a name that is not acceptable, told of the file that gives it; null where it is acceptable. */
export const findingOfName = (name: string, file: string): Finding | null => {
  const fault = nameFaultOf(name);
  if (fault === null) return null;
  if (fault === "refused") return makeFinding("name.refused", file, { subject: name });
  return makeFinding("name.too_long", file, {
    subject: name,
    expected: NAME_BYTES_MAX,
    actual: encoder.encode(name).length,
  });
};
