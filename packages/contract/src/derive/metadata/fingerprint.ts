/** Offset and prime of the 32-bit FNV-1a hash. */
const OFFSET = 0x81_1c_9d_c5;
const PRIME = 0x01_00_01_93;

const hashOf = (text: string, offset: number): string => {
  let hash = offset;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  return (hash >>> 0).toString(16).padStart(8, "0");
};

/**
 * A print of a text, 16 hexadecimal digits: two FNV-1a hashes of its UTF-16 units. It tells clients when to forget what they
 * remember of the metadata; it protects nothing.
 */
export const fingerprintOf = (text: string): string => hashOf(text, OFFSET) + hashOf(text, ~OFFSET);
