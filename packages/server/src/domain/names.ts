import {
  controlCharacter,
  DESCRIPTION_CHARACTERS_MAX,
  NAME_CHARACTERS_MAX,
  notUnicode,
  type Reason,
  tooLong,
} from "@contentlib/contract/vocabulary";

// What clients check as well is said in the vocabulary.
export { checkChangeMessage, checkFileName, type Reason } from "@contentlib/contract/vocabulary";

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

/** The form in which names and types are compared without regard to case (contract I3, I17, L17). */
export const nameKey = (name: string): string =>
  name.normalize("NFC").toLowerCase().normalize("NFC");
