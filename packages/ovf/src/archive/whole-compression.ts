const MAGICS: readonly (readonly [string, readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];

/** The compression that a file as a whole has by its first bytes; null where it has none that is known. */
export const wholeCompressionOf = (head: Uint8Array): string | null =>
  MAGICS.find(([, magic]) => magic.every((byte, at) => head[at] === byte))?.[0] ?? null;
