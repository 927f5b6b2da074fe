import { invariant } from "../../../domain/invariant.ts";
import type { ByteSink, OpenBlob, Pour } from "../../../ports/blob-store.ts";
import { PortError } from "../../../ports/port-error.ts";
import { portErrorOf } from "./file-errors.ts";
import type { OpenFile } from "./file-system.ts";

/** Bytes read at once; a pour holds at most two such chunks. */
const READ_CHUNK_BYTES = 256 * 1024;

/** Opened up front: the bytes can be read to their end whatever happens to their name. */
export class DiskOpenBlob implements OpenBlob {
  readonly sizeBytes: number;
  readonly #file: OpenFile;
  #pours = 0;
  #closed = false;

  constructor(file: OpenFile, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  pourInto(sink: ByteSink, range: { readonly start: number; readonly endExclusive: number }): Pour {
    invariant(
      range.start >= 0 && range.start <= range.endExclusive && range.endExclusive <= this.sizeBytes,
      "The range to read must lie within the blob.",
    );
    if (this.#closed) return failedPour(sink);
    this.#pours += 1;
    return new DiskPour(this.#file, sink, range, () => {
      this.#pours -= 1;
      if (this.#pours === 0) this.close();
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Nothing was written through this descriptor, so a failure to close it loses nothing.
    this.#file.close().catch(() => undefined);
  }
}

const failedPour = (sink: ByteSink): Pour => {
  let stopped = false;
  queueMicrotask(() => {
    if (!stopped) sink.fail(new PortError("unavailable", "The blob is closed."));
  });
  return { resume: () => undefined, stop: () => void (stopped = true) };
};

type ReadResult = { readonly bytes: Uint8Array } | { readonly error: unknown };

/** Reads one chunk ahead of the sink, into two buffers of its own. */
class DiskPour implements Pour {
  readonly #file: OpenFile;
  readonly #sink: ByteSink;
  readonly #endExclusive: number;
  readonly #buffers: [Uint8Array?, Uint8Array?] = [];
  #position: number;
  #stopped = false;
  #resumed: PromiseWithResolvers<void> | null = null;

  constructor(
    file: OpenFile,
    sink: ByteSink,
    range: { readonly start: number; readonly endExclusive: number },
    onOver: () => void,
  ) {
    this.#file = file;
    this.#sink = sink;
    this.#position = range.start;
    this.#endExclusive = range.endExclusive;
    void this.#flow().finally(onOver);
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = null;
  }

  stop(): void {
    this.#stopped = true;
    this.resume();
  }

  async #flow(): Promise<void> {
    let slot: 0 | 1 = 0;
    let ahead = this.#read(slot);
    for (;;) {
      const result = await ahead;
      if (this.#stopped) return;
      if ("error" in result) return this.#sink.fail(result.error);
      if (result.bytes.byteLength === 0) return this.#sink.end();
      slot = slot === 0 ? 1 : 0;
      ahead = this.#read(slot);
      await this.#deliver(result.bytes);
    }
  }

  /** Resolves when the sink is done with the bytes. */
  async #deliver(bytes: Uint8Array): Promise<void> {
    const resumed = Promise.withResolvers<void>();
    this.#resumed = resumed;
    if (this.#sink.chunk(bytes)) this.#resumed = null;
    else await resumed.promise;
  }

  /** Never rejects: a result that is read ahead is looked at later. An empty one is the end of the range. */
  async #read(slot: 0 | 1): Promise<ReadResult> {
    const sizeBytes = Math.min(READ_CHUNK_BYTES, this.#endExclusive - this.#position);
    if (sizeBytes === 0 || this.#stopped) return { bytes: new Uint8Array(0) };
    try {
      const buffer = (this.#buffers[slot] ??= Buffer.allocUnsafeSlow(sizeBytes));
      const { bytesRead } = await this.#file.read(
        buffer,
        0,
        Math.min(sizeBytes, buffer.byteLength),
        this.#position,
      );
      if (bytesRead === 0)
        throw new PortError("corrupt", "The blob is shorter than it was when it was opened.");
      this.#position += bytesRead;
      return { bytes: buffer.subarray(0, bytesRead) };
    } catch (error) {
      return { error: portErrorOf(error, "The blob could not be read.") };
    }
  }
}
