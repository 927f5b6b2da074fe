/**
 * For implementers of `ByteSource`: frees the memory of a chunk that everyone is done with. Node makes a new one for every read, and
 * the collector, which would find a gigabyte of them only by going through the whole heap again and again, took a fifth of an
 * upload's time and a third of a pull's.
 */
export const giveBack = ({ buffer, byteLength }: Uint8Array): void => {
  // A part of a buffer, or a shared one, is not ours alone.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
};
