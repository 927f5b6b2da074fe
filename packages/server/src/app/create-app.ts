import type { ServerOperation } from "@contentlib/contract/vocabulary";
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
import { serverDeed } from "./audit/deeds.ts";
import { recordingCatalog } from "./audit/recording-catalog.ts";
import { Refusals } from "./audit/refusals.ts";
import { TrailNames } from "./audit/trail-names.ts";
import { observingCatalog } from "./events/observing-catalog.ts";
import { openEventStream } from "./events/open-stream.ts";
import { Exclusive } from "./exclusive.ts";
import { HANDLER_MAKERS } from "./handlers.ts";
import { CutSignal, LiveTransfers } from "./live-transfers.ts";
import { LiveLogins } from "./login/logins.ts";
import { PackageJudge } from "./packages/package-judge.ts";
import type { Ports, Settings } from "./ports.ts";
import { ProbePace } from "./probe/probe-pace.ts";
import { Pulls } from "./pulls/pulls.ts";
import { resumePulls } from "./pulls/resume-pulls.ts";
import { secretsIn } from "./secrets/secrets.ts";
import { SessionTime } from "./session-time.ts";
import { openDownload } from "./transfers/open-download.ts";
import {
  checkUpload,
  digestOfPrefix,
  dropUpload,
  openAppend,
  resumeUpload,
} from "./transfers/open-append.ts";
import { openUpload } from "./transfers/open-upload.ts";
import { watchingOf } from "./watching.ts";

/** How long a shutdown waits for cut transfers to be over. */
const DRAIN_WAIT_MS = 5_000;

const composeDuties = (core: Core): Duties => {
  let floorStoredAt = 0;
  const byServer = (what: ServerOperation, work: () => Promise<void>) => (): Promise<void> =>
    core.deeds.within(serverDeed(what), work);
  return {
    expireSessions: byServer("server.expire", async () => {
      await expireSessions(core);
      await core.access.endExpired();
    }),
    recordActivity: byServer("server.record", async () => {
      floorStoredAt = await recordActivity(core, floorStoredAt);
    }),
    recordRefusals: () => core.refusals.write(),
    purge: byServer("server.purge", () => purge(core)),
    sweepStaging: byServer("server.sweep", () => sweepStaging(core)),
    collectBlobs: byServer("server.collect", () => collectBlobs(core)),
  };
};

const composeTransfers = (core: Core): Transfers => ({
  openUpload: (segment, contentLengthBytes, origin) =>
    openUpload(core, segment, { contentLengthBytes, origin }),
  openAppend: (segment, sent, origin) => openAppend(core, segment, { sent, origin }),
  resumeUpload: (segment, origin) => resumeUpload(core, segment, origin),
  dropUpload: (segment, origin) => dropUpload(core, segment, origin),
  checkUpload: (segment) => checkUpload(core, segment),
  digestOfPrefix: (segment, signal) => digestOfPrefix(core, segment, signal),
  openDownload: (segment) => openDownload(core, segment),
});

const drain = async (core: Core): Promise<void> => {
  const pulled = core.pulls.drain();
  core.live.cutAll();
  const patience = new CutSignal();
  const waited = core.clock.sleep(DRAIN_WAIT_MS, patience).catch(() => undefined);
  await Promise.race([Promise.all([core.live.idle(), pulled]), waited]);
  patience.cut({ kind: "shutdown" });
  await core.refusals.write();
};

/** Everything that is made of the ports alone, over the one catalog that whatever is committed goes through. */
const composeParts = (outer: Ports, settings: Settings) => {
  const places = new Places(outer.catalog);
  const { clock, deeds } = outer;
  const names = new TrailNames(outer.catalog, places);
  const ports = { ...outer, catalog: recordingCatalog(outer.catalog, { clock, deeds, names }) };
  const refusals = new Refusals({ ...ports, names });
  const live = new LiveTransfers();
  const logins = new LiveLogins({ ...ports, refusals }, settings);
  const feed = new EventFeed({ ...ports, live, logins });
  const parts: Omit<Core, "access" | "pulls"> = {
    ...ports,
    catalog: observingCatalog(learningCatalog(ports.catalog, places), feed),
    settings,
    time: new SessionTime(clock, settings.sessionTimeoutMs),
    live,
    exclusive: new Exclusive(),
    downloads: new DownloadProgress(),
    logins,
    refusals,
    probes: new ProbePace(clock),
    secrets: secretsIn(ports.catalog, ports.seal),
    packages: new PackageJudge(ports),
    server: { guid: "" },
  };
  return { parts, places, feed };
};

/** The application over its ports. `recover` must have ended before the first call. */
export const createApp = (ports: Ports, settings: Settings): App => {
  const { parts, places, feed } = composeParts(ports, settings);
  const running = new RunningCalls();
  const access = createAccess(parts, { places, running, streams: feed });
  const core: Core = { ...parts, access, pulls: new Pulls(() => core) };
  return {
    handlers: guardAll({ core, running, makers: HANDLER_MAKERS }),
    logins: core.logins,
    transfers: composeTransfers(core),
    events: {
      open: (input, follower) => openEventStream({ ...core, feed }, input, follower),
    },
    duties: composeDuties(core),
    watching: watchingOf(core, feed),
    recover: () =>
      core.deeds.within(serverDeed("server.start"), async () => {
        await recover(core);
        await access.recover();
        await resumePulls(core);
      }),
    drain: () => {
      feed.close();
      return drain(core);
    },
  };
};
