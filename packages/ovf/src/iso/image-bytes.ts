/** A stretch of an image. */
export interface ImageWindow {
  readonly offset: number;
  readonly bytes: number;
}

const NOTHING: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));

/** Bytes of an image that were kept while it passed: its head, and a few windows behind it. */
export class ImageBytes {
  readonly #pieces: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  #position = 0;

  constructor(head: ImageWindow) {
    this.keep(head);
  }

  /** How many bytes have passed. */
  get position(): number {
    return this.#position;
  }

  /** Keeps what will pass of a window; what has passed of it already is not kept any more. */
  keep({ offset, bytes }: ImageWindow): void {
    this.#pieces.push({ offset, bytes: new Uint8Array(bytes) });
  }

  write(chunk: Uint8Array): void {
    for (const { offset, bytes } of this.#pieces) {
      const from = Math.max(0, offset - this.#position);
      const to = Math.min(chunk.length, offset + bytes.length - this.#position);
      if (from < to) bytes.set(chunk.subarray(from, to), this.#position + from - offset);
    }
    this.#position += chunk.length;
  }

  /** Where the next bytes lie that are kept; null where none that are still to pass are. */
  get nextKept(): number | null {
    const starts = this.#pieces
      .filter(({ offset, bytes }) => offset + bytes.length > this.#position)
      .map(({ offset }) => Math.max(offset, this.#position));
    return starts.length === 0 ? null : Math.min(...starts);
  }

  /** Passes over bytes that are not kept. */
  skip(bytes: number): void {
    this.#position += bytes;
  }

  /** Bytes from a place on, where all of them have passed and were kept; else an empty view. */
  at(offset: number, length: number): DataView<ArrayBufferLike> {
    if (offset < 0 || offset + length > this.#position) return NOTHING;
    for (const { offset: start, bytes } of this.#pieces)
      if (offset >= start && offset + length <= start + bytes.length)
        return new DataView(bytes.buffer, offset - start, length);
    return NOTHING;
  }
}
