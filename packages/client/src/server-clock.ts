import type { System } from "./system.ts";

/** The server's clock as far as its replies showed it; the client's own until then. */
export interface ServerClock {
  /** Takes a reply's `Date` header. Its precision is one second. */
  readonly note: (date: string | null) => void;
  /** The server's present time in epoch milliseconds. */
  readonly now: () => number;
}

/** Follows the server's clock, so that an expiration can be compared although the two clocks differ. */
export function followServerClock(system: System): ServerClock {
  let offsetMs = 0;
  return {
    note(date) {
      const at = date === null ? Number.NaN : Date.parse(date);
      if (!Number.isNaN(at)) offsetMs = at - system.now();
    },
    now: () => system.now() + offsetMs,
  };
}
