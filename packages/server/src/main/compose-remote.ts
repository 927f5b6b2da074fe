import { HttpRemoteSource } from "../adapters/remote/http-source.ts";
import type { PullConfig } from "../config/pull-rules.ts";
import type { Clock, RemoteSource } from "../ports/index.ts";

/** What is fetched through, where nobody says anything: nothing is opened and nothing is closed. */
const NOTHING_SET: PullConfig = { pullDeny: [], pullAllow: [], pullProxy: null };

/** Composes the source that files of other servers are fetched by, behind the fence of the settings. */
export const composeRemote = (
  clock: Clock,
  { pullDeny, pullAllow, pullProxy }: PullConfig = NOTHING_SET,
): RemoteSource =>
  new HttpRemoteSource({ clock, fence: { deny: pullDeny, allow: pullAllow }, proxy: pullProxy });
