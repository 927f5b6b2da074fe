import { dirname, join } from "node:path";
import type { ResumeStore } from "@contentlib/client";
import type { Connection } from "./connect.ts";
import { profilePath } from "./profile.ts";
import type { Environment } from "./streams.ts";

/** Where pushes of this user note what the same line needs to go on: `$XDG_STATE_HOME/contentlib/resume`, else beside the profile file. */
export async function resumeStoreIn(env: Environment): Promise<ResumeStore> {
  const { fileResumeStore } = await import("@contentlib/client/node");
  const given = env["XDG_STATE_HOME"];
  return fileResumeStore(
    given?.startsWith("/")
      ? join(given, "contentlib", "resume")
      : join(dirname(profilePath(env)), "contentlib-resume"),
  );
}

/** Whether a push into the item has noted a session to go on with. What can not be read is no note. */
export async function isPushNoted(
  store: ResumeStore,
  { options }: Connection,
  itemId: string,
): Promise<boolean> {
  const { notedSession } = await import("@contentlib/client");
  const noted = await notedSession(store, options.url, itemId).catch(() => null);
  return noted !== null;
}
