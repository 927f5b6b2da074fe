/** Limits that callers can meet, with their units. The sources are the field descriptions of the published API. */

/** Longest name of a library or a library item, in Unicode code points. */
export const NAME_CHARACTERS_MAX = 80;

/** Longest description of a library or a library item, in Unicode code points. */
export const DESCRIPTION_CHARACTERS_MAX = 2000;

/** Longest file name inside an item, in bytes of UTF-8. */
export const FILE_NAME_BYTES_MAX = 255;

/** Largest declared file size, in bytes: the largest integer every JSON reader keeps exact. */
export const FILE_SIZE_BYTES_MAX = Number.MAX_SAFE_INTEGER;

/** Lowest value of a session's `client_progress`, in percent. */
export const CLIENT_PROGRESS_MIN = 0;
/** Its highest value, in percent. */
export const CLIENT_PROGRESS_MAX = 100;

/** Largest request body of a command, in bytes; file content travels by another road and has no such limit. */
export const COMMAND_BODY_BYTES_MAX = 1024 * 1024;

/** Longest message a client may leave with `fail`, in Unicode code points; a longer one is cut. */
export const CLIENT_ERROR_MESSAGE_CHARACTERS_MAX = 4000;

/** Longest message that is kept of a change to the files of an item, in Unicode code points. */
export const CHANGE_MESSAGE_CHARACTERS_MAX = 1000;

/** Most files an item, and so a session, may hold. */
export const FILES_PER_ITEM_MAX = 10_000;

/** Longest text of one certificate, in UTF-16 code units. */
export const CERTIFICATE_CHARACTERS_MAX = 32_768;
