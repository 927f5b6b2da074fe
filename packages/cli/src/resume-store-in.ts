import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { ResumeStore } from "@contentlib/client";
import type { Connection } from "./connect.ts";
import { profilePath } from "./profile.ts";
import type { Environment } from "./streams.ts";

/** Where pushes of this user note what the same line needs to go on: `$XDG_STATE_HOME/contentlib/resume`, else beside the profile file. */
export async function resumeStoreIn(env: Environment): Promise<ResumeStore> {
  const { fileResumeStore } = await import("@contentlib/client/node");
  const given = env["XDG_STATE_HOME"];
  const store = fileResumeStore(
    given?.startsWith("/")
      ? join(given, "contentlib", "resume")
      : join(dirname(profilePath(env)), "contentlib-resume"),
  );
  return storeOfHost(store, hostname());
}

/**
 * The notes of one machine: of homes that several share, each finds its own. Whether a push of another machine still lives is not
 * known here, and its session is not to be taken from it.
 */
export const storeOfHost = (store: ResumeStore, host: string): ResumeStore => ({
  load: async (key) => await store.load(`${host} ${key}`),
  save: async (key, state) => await store.save(`${host} ${key}`, state),
  drop: async (key) => await store.drop(`${host} ${key}`),
});

/** The session that a push into the item has noted to go on with; null where there is none. What can not be read is no note. */
export async function resumableSession(
  store: ResumeStore,
  { options }: Connection,
  itemId: string,
): Promise<string | null> {
  const { notedSession } = await import("@contentlib/client");
  return await notedSession(store, options.url, itemId).catch(() => null);
}
