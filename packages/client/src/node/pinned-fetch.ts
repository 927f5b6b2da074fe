import type { PinnedServer } from "./certificate-pin.ts";
import { pinnedConnector } from "./pinned-connection.ts";
import type { PinnedConnector } from "./pinned-connection.ts";

/** The two things of the package undici that are needed here; its users bring it, so that the client depends on nothing. */
export interface Undici {
  /** Its class of connection pools. */
  readonly Agent: new (options: { readonly connect: PinnedConnector }) => {
    destroy(): Promise<void>;
  };
  /** Its fetch, which takes such a pool. */
  readonly fetch: (input: never, init: never) => Promise<unknown>;
}

/** A `fetch` over connections of its own. */
export interface PinnedFetch {
  /** Takes what the platform's takes. */
  readonly fetch: typeof globalThis.fetch;
  /** Cuts what is left of its connections. */
  readonly close: () => Promise<void>;
}

/**
 * A `fetch` that sends nothing before the server was judged as `pinnedConnector` does. Node's own takes no judge, so it is
 * made of undici. Throws TypeError for what is no pin.
 */
export function pinnedFetch({ Agent, fetch }: Undici, server: PinnedServer): PinnedFetch {
  const dispatcher = new Agent({ connect: pinnedConnector(server) });
  // Node's fetch is undici's in another version: the same at run time as far as a client goes, and another type.
  const request = fetch as (input: unknown, init: object) => Promise<unknown>;
  return {
    fetch: async (input, init) => (await request(input, { ...init, dispatcher })) as Response,
    close: async () => await dispatcher.destroy(),
  };
}
