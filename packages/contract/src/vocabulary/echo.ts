/** Longest piece of the caller's own text that an error repeats, in UTF-16 units. */
export const ECHO_UNITS_MAX = 200;

/** The caller's own text, as much of it as an error may repeat. */
export const shortened = (text: string): string =>
  text.length <= ECHO_UNITS_MAX ? text : `${text.slice(0, ECHO_UNITS_MAX)}...`;
