import type { BlobStore, ByteSink, OpenBlob } from "@contentlib/server/ports/blob-store";
import type { Sha256 } from "@contentlib/server/domain/ids";

/** All bytes of a pour; rejects with what it fails with. */
export const readPour = async (pour: (sink: ByteSink) => void): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  await new Promise<void>((resolve, reject) => {
    pour({
      chunk: (bytes) => chunks.push(Uint8Array.from(bytes)) > 0,
      end: resolve,
      fail: (reason) => reject(reason),
    });
  });
  return Buffer.concat(chunks);
};

/** Reads a range of an open blob, all of it by default; rejects with what the pour fails with. */
export const readOpenBlob = async (
  blob: OpenBlob,
  range: { readonly start: number; readonly endExclusive: number } = {
    start: 0,
    endExclusive: blob.sizeBytes,
  },
): Promise<Uint8Array> => await readPour((sink) => blob.pourInto(sink, range));

/** Reads a whole blob. */
export const readBlob = async (store: BlobStore, digest: Sha256): Promise<Uint8Array> =>
  await readOpenBlob(await store.open(digest));

/** All that an iterable gives. */
export const collected = async <Element>(elements: AsyncIterable<Element>): Promise<Element[]> => {
  const all: Element[] = [];
  for await (const element of elements) all.push(element);
  return all;
};
