/** Whether there is anything but zeros, told four bytes at a time where the bytes lie so in memory. */
export const hasNonZero = (bytes: Uint8Array): boolean => {
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  const words = (bytes.length - head) >> 2;
  const tail = head + words * 4;
  for (let at = 0; at < head; at += 1) if (bytes[at] !== 0) return true;
  // Fewer bytes than up to the next word have no word in them, and no place where one could begin.
  if (words === 0) return bytes.some((byte) => byte !== 0);
  const view = new Int32Array(bytes.buffer, bytes.byteOffset + head, words);
  for (let at = 0; at < words; at += 1) if (view[at] !== 0) return true;
  for (let at = tail; at < bytes.length; at += 1) if (bytes[at] !== 0) return true;
  return false;
};
