import { CHANGE_MESSAGE_CHARACTERS_MAX, FILE_NAME_BYTES_MAX } from "./limits.ts";

/** Why a text is not acceptable, as the end of a sentence; null where it is. */
export type Reason = string | null;

const CONTROL_CHARACTER = /\p{Cc}/u;
/** What breaks and indents lines is no harm where a text may have several. */
const CONTROL_BUT_LAYOUT = /[^\P{Cc}\n\t]/u;
const SPACE_AT_AN_END = /^\s|\s$/u;

const countCodePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const utf8Bytes = (text: string): number => {
  let count = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return count;
};

/** Refuses control characters, by default all of them; names the first. */
export const controlCharacter = (text: string, refused = CONTROL_CHARACTER): Reason => {
  const found = refused.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return null;
  return `it holds the control character U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
};

/** Refuses what UTF-8 can not write. */
export const notUnicode = (text: string): Reason =>
  text.isWellFormed() ? null : "it is not valid Unicode: a surrogate stands alone";

/** Refuses more than so many Unicode code points. */
export const tooLong = (text: string, charactersMax: number): Reason => {
  const count = countCodePoints(text);
  return count <= charactersMax
    ? null
    : `it has ${count} characters, and at most ${charactersMax} are allowed`;
};

/** The rule for what is said of a change: it may have several lines, as the messages of commits do (contract I21). */
export const checkChangeMessage = (message: string): Reason =>
  notUnicode(message) ??
  tooLong(message, CHANGE_MESSAGE_CHARACTERS_MAX) ??
  controlCharacter(message, CONTROL_BUT_LAYOUT);

/**
 * The rule for file names (contract F10): 1 to 255 bytes of UTF-8 that name one file in one folder on every system. Names are
 * compared exactly, so nothing is trimmed or folded here.
 */
export const checkFileName = (name: string): Reason => {
  if (name === "") return "it is empty";
  if (name === "." || name === "..") return "it names a folder";
  if (/[/\\]/.test(name)) return "it holds a slash or a backslash";
  if (SPACE_AT_AN_END.test(name)) return "it begins or ends with a space";
  const other = notUnicode(name) ?? controlCharacter(name);
  if (other !== null) return other;
  const bytes = utf8Bytes(name);
  return bytes <= FILE_NAME_BYTES_MAX
    ? null
    : `it has ${bytes} bytes in UTF-8, and at most ${FILE_NAME_BYTES_MAX} are allowed`;
};
