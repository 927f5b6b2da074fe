import type { ByteSink, ByteSource, Pour } from "@contentlib/server/ports/blob-store";

const DEFAULT_CHUNK_BYTES = 64 * 1024;

/** Cuts bytes into chunks of the given sizes, taken round and round. */
export const cut = (
  bytes: Uint8Array,
  sizesBytes: readonly number[] = [DEFAULT_CHUNK_BYTES],
): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  for (let start = 0, turn = 0; start < bytes.byteLength; turn += 1) {
    const size = Math.max(1, sizesBytes[turn % sizesBytes.length] ?? DEFAULT_CHUNK_BYTES);
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return chunks;
};

/** Bytes that differ at every offset that matters, the same for the same seed. */
export const someBytes = (sizeBytes: number, seed = 1): Uint8Array => {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed >>> 0;
  for (let index = 0; index < sizeBytes; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
};

/**
 * A source moved by the test's own hand. Like a real one it takes its chunks back: once the sink is done with a chunk its bytes
 * are overwritten, so a sink that keeps them without a copy is found out.
 */
export class HandSource implements ByteSource, Pour {
  readonly #poured = Promise.withResolvers<void>();
  #sink: ByteSink | null = null;
  #lent: Uint8Array | null = null;
  #onResume: (() => void) | null = null;
  #stopped = false;

  get paused(): boolean {
    return this.#lent !== null;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Resolves when a sink has been attached. */
  get poured(): Promise<void> {
    return this.#poured.promise;
  }

  pourInto(sink: ByteSink): Pour {
    if (this.#sink !== null) throw new Error("A source pours only once.");
    this.#sink = sink;
    this.#poured.resolve();
    return this;
  }

  /** Pushes a chunk, and says whether the sink wants more. */
  push(bytes: Uint8Array): boolean {
    if (this.paused || this.#stopped)
      throw new Error("A source that was told to wait or to stop pushes nothing.");
    const lent = Uint8Array.from(bytes);
    const more = this.#attached().chunk(lent);
    if (more) lent.fill(0xee);
    else this.#lent = lent;
    return more;
  }

  end(): void {
    if (!this.#stopped) this.#attached().end();
  }

  break(reason: unknown): void {
    if (!this.#stopped) this.#attached().fail(reason);
  }

  /** Resolves when the source may push again. */
  async flowing(): Promise<void> {
    if (!this.paused) return;
    await new Promise<void>((resolve) => (this.#onResume = resolve));
  }

  resume(): void {
    if (!this.paused) throw new Error("A source that was not told to wait is not resumed.");
    this.#lent?.fill(0xee);
    this.#lent = null;
    this.#onResume?.();
    this.#onResume = null;
  }

  stop(): void {
    this.#stopped = true;
    this.#onResume?.();
  }

  #attached(): ByteSink {
    if (this.#sink === null) throw new Error("The source is not poured yet.");
    return this.#sink;
  }
}

/** A source that pushes the chunks, obeys the sink, and ends; or breaks with `breakWith` after the last one. */
export const sourceOf = (
  chunks: Iterable<Uint8Array>,
  options: { readonly breakWith?: unknown } = {},
): ByteSource & { readonly stopped: boolean } => {
  const source = new HandSource();
  void source.poured.then(async () => {
    for (const chunk of chunks) {
      if (source.stopped) return;
      if (!source.push(chunk)) await source.flowing();
    }
    if ("breakWith" in options) source.break(options.breakWith);
    else source.end();
  });
  return source;
};
