// SHA-256 (FIPS 180-4) piece by piece. The platform's own digest wants all the bytes at once, which a large file has no room for.

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;
const WORD_VALUES = 2 ** 32;

/** The first 32 bits of the fractional part of a root. */
const fraction = (root: number): number => ((root % 1) * WORD_VALUES) | 0;

const PRIMES = primes(ROUNDS);
const CONSTANTS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const BEGINNING = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number += 1)
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  return found;
}

/** What follows so many bytes, up to the end of a block: one bit, none, and the length in bits as 64 of them. */
export function paddingOf(bytes: number): Uint8Array<ArrayBuffer> {
  const bits = bytes * 8;
  const used = (bytes + 1 + LENGTH_BYTES) % BLOCK_BYTES;
  const padding = new Uint8Array(1 + ((BLOCK_BYTES - used) % BLOCK_BYTES) + LENGTH_BYTES);
  padding[0] = 0x80;
  const length = new DataView(padding.buffer, padding.length - LENGTH_BYTES);
  length.setUint32(0, Math.floor(bits / WORD_VALUES));
  length.setUint32(4, bits % WORD_VALUES);
  return padding;
}

/** A running SHA-256. */
export class Sha256 {
  readonly #state = Int32Array.from(BEGINNING);
  readonly #words = new Int32Array(ROUNDS);
  readonly #rest = new Uint8Array(BLOCK_BYTES);
  #restBytes = 0;
  #bytes = 0;

  update(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(BLOCK_BYTES - this.#restBytes, bytes.length);
      this.#rest.set(bytes.subarray(0, at), this.#restBytes);
      this.#restBytes += at;
      if (this.#restBytes < BLOCK_BYTES) return;
      this.#take(new DataView(this.#rest.buffer), 0);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) this.#take(view, at);
    this.#rest.set(bytes.subarray(at));
    this.#restBytes = bytes.length - at;
  }

  /** The digest of all bytes, once: nothing may follow. */
  digest(): Uint8Array<ArrayBuffer> {
    this.update(paddingOf(this.#bytes));
    const digest = new Uint8Array(this.#state.length * 4);
    const view = new DataView(digest.buffer);
    this.#state.forEach((word, index) => view.setInt32(index * 4, word));
    return digest;
  }

  #take(view: DataView, at: number): void {
    const words = this.#words;
    for (let t = 0; t < 16; t += 1) words[t] = view.getInt32(at + t * 4);
    for (let t = 16; t < ROUNDS; t += 1) {
      const w15 = words[t - 15] as number;
      const w2 = words[t - 2] as number;
      const s0 = turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3);
      const s1 = turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10);
      words[t] = ((words[t - 16] as number) + s0 + (words[t - 7] as number) + s1) | 0;
    }
    const state = this.#state;
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let e = state[4] as number;
    let f = state[5] as number;
    let g = state[6] as number;
    let h = state[7] as number;
    for (let t = 0; t < ROUNDS; t += 1) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const choice = g ^ (e & (f ^ g));
      const t1 = (h + s1 + choice + (CONSTANTS[t] as number) + (words[t] as number)) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const majority = (a & b) | (c & (a | b));
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + s0 + majority) | 0;
    }
    state[0] = (state[0] as number) + a;
    state[1] = (state[1] as number) + b;
    state[2] = (state[2] as number) + c;
    state[3] = (state[3] as number) + d;
    state[4] = (state[4] as number) + e;
    state[5] = (state[5] as number) + f;
    state[6] = (state[6] as number) + g;
    state[7] = (state[7] as number) + h;
  }
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
