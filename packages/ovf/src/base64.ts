import { latin1Of } from "./latin1.ts";

/** Writes bytes in Base64. */
export const toBase64 = (bytes: Uint8Array): string => btoa(latin1Of(bytes));

/** Reads Base64, with white space anywhere in it; null where it is none. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
};
