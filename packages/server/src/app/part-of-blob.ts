import type { ByteRange, OpenBlob } from "../ports/index.ts";

/** Part of an open blob, as if it were a blob of its own: its first byte has the number 0. */
export const partOfBlob = (blob: OpenBlob, { start, endExclusive }: ByteRange): OpenBlob => ({
  sizeBytes: endExclusive - start,
  pourInto: (sink, range) =>
    blob.pourInto(sink, { start: start + range.start, endExclusive: start + range.endExclusive }),
  close: () => blob.close(),
});
