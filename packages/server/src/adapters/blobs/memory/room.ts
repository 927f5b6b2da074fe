/** Counts the bytes that still fit. */
export class Room {
  #freeBytes: number;

  constructor(capacityBytes: number) {
    this.#freeBytes = capacityBytes;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** False, taking nothing, where the bytes do not fit. */
  take(sizeBytes: number): boolean {
    if (sizeBytes > this.#freeBytes) return false;
    this.#freeBytes -= sizeBytes;
    return true;
  }

  give(sizeBytes: number): void {
    this.#freeBytes += sizeBytes;
  }
}
