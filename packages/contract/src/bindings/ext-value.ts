/*
 * Texts of any language in a header: the `ext-value` of RFC 8187, in UTF-8.
 *
 *   UTF-8'en'Fixes%20the%20boot%20order
 */

/** The header in which whoever completes an update session says what the change is. */
export const MESSAGE_HEADER = "contentlib-message";

const EXT_VALUE = /^utf-8'[A-Za-z0-9-]*'((?:[A-Za-z0-9!#$&+\-.^_`|~]|%[0-9A-Fa-f]{2})*)$/i;

/** What `encodeURIComponent` leaves as it is though the value may not hold it. */
const STILL_OPEN = /['()*]/g;

/** The text as the value of a header. Surrogates that stand alone are replaced, because UTF-8 has none. */
export const encodeExtValue = (text: string): string => {
  const encoded = encodeURIComponent(text.toWellFormed()).replace(
    STILL_OPEN,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `UTF-8''${encoded}`;
};

/** The text of such a value; null for any other one, and for bytes that are no UTF-8. */
export const decodeExtValue = (value: string): string | null => {
  const encoded = EXT_VALUE.exec(value)?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
};
