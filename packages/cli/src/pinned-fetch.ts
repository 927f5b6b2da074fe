import type { PinnedFetch, PinnedServer } from "@contentlib/client/node";

/** A `fetch` that sends nothing before the server has shown the pinned key; what it takes is loaded for it alone. */
export async function openPinnedFetch(server: PinnedServer): Promise<PinnedFetch> {
  const [undici, { pinnedFetch }] = await Promise.all([
    import("undici"),
    import("@contentlib/client/node"),
  ]);
  return pinnedFetch(undici, server);
}
