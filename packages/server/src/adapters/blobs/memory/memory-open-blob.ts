import { invariant } from "../../../domain/invariant.ts";
import type { ByteSink, OpenBlob, Pour } from "../../../ports/blob-store.ts";
import { PortError } from "../../../ports/port-error.ts";

const READ_CHUNK_BYTES = 64 * 1024;

export class MemoryOpenBlob implements OpenBlob {
  readonly sizeBytes: number;
  readonly #bytes: Uint8Array;
  #pours = 0;
  #closed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.sizeBytes = bytes.byteLength;
  }

  pourInto(sink: ByteSink, range: { readonly start: number; readonly endExclusive: number }): Pour {
    invariant(
      range.start >= 0 && range.start <= range.endExclusive && range.endExclusive <= this.sizeBytes,
      "The range to read must lie within the blob.",
    );
    if (this.#closed) return new MemoryPour(null, sink, () => undefined);
    this.#pours += 1;
    return new MemoryPour(this.#bytes.subarray(range.start, range.endExclusive), sink, () => {
      this.#pours -= 1;
      if (this.#pours === 0) this.close();
    });
  }

  close(): void {
    this.#closed = true;
  }
}

class MemoryPour implements Pour {
  readonly #bytes: Uint8Array | null;
  readonly #sink: ByteSink;
  readonly #onOver: () => void;
  #offset = 0;
  #paused = true;
  #over = false;

  /** Without bytes the pour fails: the blob was closed before. */
  constructor(bytes: Uint8Array | null, sink: ByteSink, onOver: () => void) {
    this.#bytes = bytes;
    this.#sink = sink;
    this.#onOver = onOver;
    this.resume();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    queueMicrotask(() => this.#flow());
  }

  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#onOver();
  }

  #flow(): void {
    if (this.#over) return;
    if (this.#bytes === null) {
      this.stop();
      return this.#sink.fail(new PortError("unavailable", "The blob is closed."));
    }
    while (!this.#over && !this.#paused) {
      if (this.#offset === this.#bytes.byteLength) {
        this.stop();
        return this.#sink.end();
      }
      // A copy, since a sink may write into a chunk that it owns and a stored blob never changes.
      const chunk = this.#bytes.slice(this.#offset, this.#offset + READ_CHUNK_BYTES);
      this.#offset += chunk.byteLength;
      this.#paused = !this.#sink.chunk(chunk);
    }
  }
}
