/** Follows how far each file is, and adds up what was really moved: not what was there before. */
export class MovedBytes {
  readonly #reached = new Map<string, number>();
  #total = 0;

  /** Bytes that went over the line by now, those that went twice counted twice. */
  get total(): number {
    return this.#total;
  }

  /** The file goes on behind so many bytes, which were not moved just now. */
  begin(fileName: string, offsetBytes: number): void {
    this.#reached.set(fileName, offsetBytes);
  }

  /** The file is so far now. */
  note(fileName: string, reachedBytes: number): void {
    this.#total += Math.max(0, reachedBytes - (this.#reached.get(fileName) ?? 0));
    this.#reached.set(fileName, reachedBytes);
  }
}
