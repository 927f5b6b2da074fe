import { isRefusal } from "./errors.ts";
import type { System } from "./system.ts";

/** Longest pause between two keep-alives, in milliseconds. */
export const KEEP_ALIVE_MAX_MS = 60_000;
/** Shortest pause between two keep-alives, in milliseconds. */
export const KEEP_ALIVE_MIN_MS = 500;

/** A session that is being kept alive until `close`. */
export interface KeepAlive {
  /** Aborts when the server says that the session has ended. */
  readonly lost: AbortSignal;
  /** Ends it; the session is left to its expiration. */
  close(): void;
}

/** How to keep a session alive. */
export interface KeepAliveOptions {
  /** Clock and timers; those of the platform are `systemOf()`. */
  readonly system: System;
  /** How long the session lives without activity, in milliseconds, as seen when it was created. */
  readonly lifetimeMs: number;
  /** One keep-alive call. */
  readonly send: (signal: AbortSignal) => Promise<void>;
}

/**
 * Sends a keep-alive three times in each lifetime. Bytes in motion keep the session alive by themselves, but hashing,
 * a slow source or a stalled network do not. A call that fails in passing is left to the next one.
 */
export function keepAlive(options: KeepAliveOptions): KeepAlive {
  const { system, send } = options;
  const periodMs = Math.min(KEEP_ALIVE_MAX_MS, Math.max(KEEP_ALIVE_MIN_MS, options.lifetimeMs / 3));
  const lost = new AbortController();
  const closed = new AbortController();
  const loop = async (): Promise<void> => {
    for (;;) {
      await system.sleep(periodMs, closed.signal);
      if (closed.signal.aborted) return;
      try {
        await send(closed.signal);
      } catch (error) {
        if (!isRefusal(error, "not_found", "not_allowed_in_current_state") || closed.signal.aborted)
          continue;
        lost.abort(error);
        return;
      }
    }
  };
  void loop();
  return { lost: lost.signal, close: () => closed.abort() };
}
