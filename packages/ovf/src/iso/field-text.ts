const LATIN1 = new TextDecoder("iso-8859-1");
const UTF16 = new TextDecoder("utf-16be");

const trimmed = (text: string): string | null => {
  const [before = ""] = text.split("\0", 1);
  return before.trim() || null;
};

const bytesOf = (view: DataView, offset: number, length: number): Uint8Array<ArrayBufferLike> =>
  new Uint8Array(view.buffer, view.byteOffset + offset, length);

/** A field of one-byte characters, filled up with blanks; null where it is empty. */
export const readFieldText = (view: DataView, offset: number, length: number): string | null =>
  trimmed(LATIN1.decode(bytesOf(view, offset, length)));

/** A field of UTF-16, the most significant byte first (Joliet). */
export const readWideText = (view: DataView, offset: number, length: number): string | null =>
  trimmed(UTF16.decode(bytesOf(view, offset, length)));

/** A `dstring` of UDF (ECMA-167 1/7.2.12, OSTA compressed Unicode): its last byte is how many bytes of it are used. */
export const readCompressedText = (
  view: DataView,
  offset: number,
  length: number,
): string | null => {
  const used = Math.min(view.getUint8(offset + length - 1), length - 1);
  if (used < 2) return null;
  const read = view.getUint8(offset) === 16 ? readWideText : readFieldText;
  return read(view, offset + 1, used - 1);
};
