import type { Instant } from "../domain/ids.ts";

/** A structural stand-in for `AbortSignal`; a real one fits. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(
    type: "abort",
    listener: () => void,
    options?: { readonly once?: boolean },
  ): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Something that must be given back. Closing twice is harmless. */
export interface Closable {
  close(): void;
}

/** Time, injected. */
export interface Clock {
  /** Wall time. It may jump in either direction; decisions that must not suffer from that use `monotonicMs`. */
  now(): Instant;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Calls `tick` about every `periodMs` until closed. A tick that is still running when the next is due makes it skip. */
  every(periodMs: number, tick: () => Promise<void> | void): Closable;
  /** Resolves after `delayMs`; rejects with a `PortError` of kind `cancelled` when the signal aborts first. */
  sleep(delayMs: number, signal?: CancelSignal): Promise<void>;
}
