/** How many bytes become one call's arguments: engines allow some ten thousand. */
const STEP = 0x2000;

/** Each byte as the character of its number: ISO 8859-1, which the decoder of that name in browsers is not. */
export const latin1Of = (bytes: Uint8Array): string => {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += STEP)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + STEP)));
  return parts.join("");
};
