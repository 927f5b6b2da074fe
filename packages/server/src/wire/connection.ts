import type { Socket } from "node:net";
import type { Place } from "./connection-places.ts";

/** How long a client may take for the head of a request from its first byte, and a new one until that byte, in milliseconds. */
export const HEAD_TIMEOUT_MS = 30_000;

/** The same for a client that will be told only that there is no place, in milliseconds. */
export const REFUSED_HEAD_TIMEOUT_MS = 5_000;

/**
 * How long a client may take nothing of an answer that waits for it, in milliseconds: the last net below the shorter ones of each
 * kind of answer, for those that are handed over as a whole.
 */
export const ANSWER_STALL_TIMEOUT_MS = 300_000;

/** What is to be done with a connection: nothing, tell it that its head is late, or cut it. */
export type Verdict = "well" | "late" | "dead";

/** One connection, from its first packet to its last, as far as its own limits are concerned. */
export class Connection {
  readonly place: Place;
  readonly #raw: Socket;
  /** What HTTP is spoken on; null until TLS is up. */
  #socket: Socket | null;
  #requests = 0;
  /** Whether a request has been answered, so that it may now be idle. */
  #isKept = false;
  /** Whether a head has begun to arrive. */
  #hasBegun = false;
  #readBytes = 0;
  #sinceMs: number;
  /** Whether `#sinceMs` is still to be set: nobody looks at the clock for each request. */
  #isUntimed = false;
  #takenBytes = -1;
  #isEnding = false;

  constructor(raw: Socket, place: Place, { isTls, nowMs }: { isTls: boolean; nowMs: number }) {
    this.#raw = raw;
    this.place = place;
    this.#socket = isTls ? null : raw;
    this.#sinceMs = nowMs;
  }

  /** TLS is up: from here on HTTP is spoken. */
  secured(socket: Socket, nowMs: number): void {
    this.#socket = socket;
    this.#sinceMs = nowMs;
  }

  /** What can be written to; plain while TLS is not up. */
  get socket(): Socket {
    return this.#socket ?? this.#raw;
  }

  /** Whether an answer is under way, so that another one would be taken for part of it. */
  get isAnswering(): boolean {
    return this.#requests > 0;
  }

  /** Whether nothing was asked yet. */
  get isUnasked(): boolean {
    return this.#requests === 0 && !this.#isKept;
  }

  /** Since when it is kept for a next request of which nothing has come; null while it is not. */
  get idleSinceMs(): number | null {
    const isIdle = this.#isKept && this.#requests === 0 && !this.#hasBegun;
    if (!isIdle || this.#socket?.bytesRead !== this.#readBytes) return null;
    return this.#isUntimed ? Number.MAX_SAFE_INTEGER : this.#sinceMs;
  }

  /** A request has come. */
  asked(): void {
    this.#requests += 1;
    this.#hasBegun = false;
  }

  /** Its answer is through, or given up. */
  answered(): void {
    this.#requests -= 1;
    if (this.#requests > 0) return;
    this.#isKept = true;
    this.#isUntimed = true;
    this.#readBytes = this.#socket?.bytesRead ?? 0;
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** What its client deserves by now. To be asked every second or so. */
  look(nowMs: number): Verdict {
    if (this.#requests > 0) return this.#lookAtAnswer(nowMs);
    if (this.#isEnding) return "dead";
    if (this.#isUntimed) {
      this.#isUntimed = false;
      this.#sinceMs = nowMs;
    }
    if (!this.#hasBegun && (this.#socket?.bytesRead ?? 0) > this.#readBytes) {
      this.#hasBegun = true;
      this.#sinceMs = nowMs;
    }
    const isRefused = this.place.admission === "refused";
    const timeoutMs = isRefused ? REFUSED_HEAD_TIMEOUT_MS : HEAD_TIMEOUT_MS;
    // How long an idle one is kept is the affair of Node's timer.
    if (nowMs - this.#sinceMs < timeoutMs || (this.#isKept && !this.#hasBegun)) return "well";
    this.#isEnding = true;
    return this.#socket === null || isRefused ? "dead" : "late";
  }

  /** Whether anything that waits for the client has moved; `#takenBytes` and `#sinceMs` say how far, and when last. */
  #lookAtAnswer(nowMs: number): Verdict {
    const socket = this.#socket;
    if (socket === null || socket.writableLength === 0) {
      this.#takenBytes = -1;
      return "well";
    }
    const takenBytes = socket.bytesWritten - socket.writableLength;
    if (takenBytes !== this.#takenBytes) {
      this.#takenBytes = takenBytes;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs >= ANSWER_STALL_TIMEOUT_MS ? "dead" : "well";
  }
}
