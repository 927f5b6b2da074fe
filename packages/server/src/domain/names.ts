import {
  CHANGE_MESSAGE_CHARACTERS_MAX,
  DESCRIPTION_CHARACTERS_MAX,
  FILE_NAME_BYTES_MAX,
  NAME_CHARACTERS_MAX,
} from "@contentlib/contract/vocabulary";

/** Why a text is not acceptable, as the end of a sentence; null where it is. */
export type Reason = string | null;

const CONTROL_CHARACTER = /\p{Cc}/u;
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

const controlCharacter = (text: string): Reason => {
  const found = CONTROL_CHARACTER.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return null;
  return `it holds the control character U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
};

const notUnicode = (text: string): Reason =>
  text.isWellFormed() ? null : "it is not valid Unicode: a surrogate stands alone";

const tooLong = (text: string, charactersMax: number): Reason => {
  const count = countCodePoints(text);
  return count <= charactersMax
    ? null
    : `it has ${count} characters, and at most ${charactersMax} are allowed`;
};

const checkLine = (text: string): Reason =>
  notUnicode(text) ?? tooLong(text, NAME_CHARACTERS_MAX) ?? controlCharacter(text);

/** Longest password and longest user name that pass between publishers and subscribers, in Unicode code points. */
export const CREDENTIAL_CHARACTERS_MAX = 256;

/** A password of a publisher is never empty (contract L11, L22). */
export const checkPassword = (password: string): Reason =>
  password === ""
    ? "it is empty"
    : (notUnicode(password) ?? tooLong(password, CREDENTIAL_CHARACTERS_MAX));

/** The name to log in with at a publisher may be empty, but HTTP can not send one with a colon. */
export const checkUserName = (name: string): Reason =>
  notUnicode(name) ??
  tooLong(name, CREDENTIAL_CHARACTERS_MAX) ??
  controlCharacter(name) ??
  (name.includes(":") ? "it holds a colon" : null);

/** The rule for names of libraries and items: 1 to 80 characters, none of them a control character (contract L4, I2). */
export const checkName = (name: string): Reason => (name === "" ? "it is empty" : checkLine(name));

/** The rule for what is said of a change: it stands on one line of a list. */
export const checkChangeMessage = (message: string): Reason =>
  notUnicode(message) ??
  tooLong(message, CHANGE_MESSAGE_CHARACTERS_MAX) ??
  controlCharacter(message);

/** Longest id of a datastore, in Unicode code points; a vCenter gives ids such as datastore-15. */
export const DATASTORE_ID_CHARACTERS_MAX = 256;

/** The id of a datastore means something to a vCenter only, so its form is free (contract L5). */
export const checkDatastoreId = (id: string): Reason =>
  id === ""
    ? "it is empty"
    : (notUnicode(id) ?? tooLong(id, DATASTORE_ID_CHARACTERS_MAX) ?? controlCharacter(id));

/** The type of an item is free text, may be empty, and is as short as a name (contract I5). */
export const checkItemType = (type: string): Reason => checkLine(type);

/** A description has at most 2000 characters, may span lines and may be empty (contract L4, I2). */
export const checkDescription = (description: string): Reason =>
  notUnicode(description) ??
  tooLong(description, DESCRIPTION_CHARACTERS_MAX) ??
  (description.includes("\0") ? "it holds the control character U+0000" : null);

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

/** The form in which names and types are compared without regard to case (contract I3, I17, L17). */
export const nameKey = (name: string): string =>
  name.normalize("NFC").toLowerCase().normalize("NFC");
