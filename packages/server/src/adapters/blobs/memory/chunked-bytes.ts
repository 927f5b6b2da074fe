import type { Room } from "./room.ts";

/** Bytes that grow by copies of chunks, in a room that they take and give back. */
export class ChunkedBytes {
  readonly #room: Room;
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** False, taking nothing, where there is no room. */
  append(chunk: Uint8Array): boolean {
    if (!this.#room.take(chunk.byteLength)) return false;
    this.#chunks.push(Uint8Array.from(chunk));
    this.#sizeBytes += chunk.byteLength;
    return true;
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes >= this.#sizeBytes) return;
    this.#room.give(this.#sizeBytes - sizeBytes);
    this.#chunks = [...this.chunksTo(sizeBytes)];
    this.#sizeBytes = sizeBytes;
  }

  /** The first bytes, chunk by chunk. */
  *chunksTo(sizeBytes: number): Iterable<Uint8Array> {
    let restBytes = sizeBytes;
    for (const chunk of this.#chunks) {
      if (restBytes <= 0) return;
      yield chunk.subarray(0, restBytes);
      restBytes -= chunk.byteLength;
    }
  }

  whole(): Uint8Array {
    const whole = new Uint8Array(this.#sizeBytes);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return whole;
  }
}
