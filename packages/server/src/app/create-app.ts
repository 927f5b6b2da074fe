import { createAccess } from "./access/create-access.ts";
import { guardAll } from "./access/guard.ts";
import { learningCatalog, Places } from "./access/places.ts";
import { RunningCalls } from "./access/running-calls.ts";
import type { App, Duties, Transfers } from "./app.ts";
import type { Core } from "./core.ts";
import { DownloadProgress } from "./download-session/progress.ts";
import { collectBlobs } from "./duties/collect-blobs.ts";
import { expireSessions } from "./duties/expire-sessions.ts";
import { purge } from "./duties/purge.ts";
import { recordActivity } from "./duties/record-activity.ts";
import { recover } from "./duties/recover.ts";
import { sweepStaging } from "./duties/sweep-staging.ts";
import { EventFeed } from "./events/event-feed.ts";
import { observingCatalog } from "./events/observing-catalog.ts";
import { openEventStream } from "./events/open-stream.ts";
import { Exclusive } from "./exclusive.ts";
import { HANDLER_MAKERS } from "./handlers.ts";
import { CutSignal, LiveTransfers } from "./live-transfers.ts";
import { LiveLogins } from "./login/logins.ts";
import type { Ports, Settings } from "./ports.ts";
import { SessionTime } from "./session-time.ts";
import { openDownload } from "./transfers/open-download.ts";
import { checkUpload, openUpload } from "./transfers/open-upload.ts";

/** How long a shutdown waits for cut transfers to be over. */
const DRAIN_WAIT_MS = 5_000;

const composeDuties = (core: Core): Duties => {
  let floorStoredAt = 0;
  return {
    expireSessions: async () => {
      await expireSessions(core);
      await core.access.endExpired();
    },
    recordActivity: async () => {
      floorStoredAt = await recordActivity(core, floorStoredAt);
    },
    purge: () => purge(core),
    sweepStaging: () => sweepStaging(core),
    collectBlobs: () => collectBlobs(core),
  };
};

const composeTransfers = (core: Core): Transfers => ({
  openUpload: (segment, contentLengthBytes, _origin) =>
    openUpload(core, segment, contentLengthBytes),
  checkUpload: (segment) => checkUpload(core, segment),
  openDownload: (segment) => openDownload(core, segment),
});

const drain = async (core: Core): Promise<void> => {
  core.live.cutAll();
  const patience = new CutSignal();
  const waited = core.clock.sleep(DRAIN_WAIT_MS, patience).catch(() => undefined);
  await Promise.race([core.live.idle(), waited]);
  patience.cut({ kind: "shutdown" });
};

/** The application over its ports. `recover` must have ended before the first call. */
export const createApp = (ports: Ports, settings: Settings): App => {
  const live = new LiveTransfers();
  const logins = new LiveLogins(ports, settings);
  const feed = new EventFeed({ ...ports, live, logins });
  const places = new Places(ports.catalog);
  const running = new RunningCalls();
  const parts: Omit<Core, "access"> = {
    ...ports,
    catalog: observingCatalog(learningCatalog(ports.catalog, places), feed),
    settings,
    time: new SessionTime(ports.clock, settings.sessionTimeoutMs),
    live,
    exclusive: new Exclusive(),
    downloads: new DownloadProgress(),
    logins,
    server: { guid: "" },
  };
  const access = createAccess(parts, { places, running, streams: feed });
  const core: Core = { ...parts, access };
  return {
    handlers: guardAll({ core, running, makers: HANDLER_MAKERS }),
    logins: core.logins,
    transfers: composeTransfers(core),
    events: {
      open: (input, follower) => openEventStream({ ...core, feed }, input, follower),
    },
    duties: composeDuties(core),
    recover: async () => {
      await recover(core);
      await access.recover();
    },
    drain: () => {
      feed.close();
      return drain(core);
    },
  };
};
