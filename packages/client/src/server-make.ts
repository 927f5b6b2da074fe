import type { Call } from "./call.ts";

/** What is known of the make of the server, as far as its replies to login calls showed it. */
export interface ServerMake {
  /** Takes what a reply said: the version of a server of ours, or null for any other. */
  readonly note: (version: string | null) => void;
  /** The version of a server of ours, else null. Asks where no login was made here; never rejects for a server's refusal. */
  readonly version: (call: Call, signal?: AbortSignal) => Promise<string | null>;
}

/** Follows what login replies say: only a server of ours is asked for what other servers do not have. */
export function followServerMake(): ServerMake {
  let known: string | null | undefined;
  return {
    note: (version) => void (known = version),
    version: async (call, signal) => {
      if (known === undefined) await call("login.get", {}, { signal }).catch(() => undefined);
      return known ?? null;
    },
  };
}
