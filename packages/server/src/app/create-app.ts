import type { App, Duties, Transfers } from "./app.ts";
import type { Handlers } from "./call.ts";
import type { Core } from "./core.ts";
import { cancelDownloadSession } from "./download-session/cancel.ts";
import { createDownloadSession } from "./download-session/create.ts";
import { deleteDownloadSession } from "./download-session/delete.ts";
import { failDownloadSession } from "./download-session/fail.ts";
import { getDownloadSession } from "./download-session/get.ts";
import { keepDownloadSessionAlive } from "./download-session/keep-alive.ts";
import { listDownloadSessions } from "./download-session/list.ts";
import { DownloadProgress } from "./download-session/progress.ts";
import { getDownloadSessionFile } from "./download-session-file/get.ts";
import { listDownloadSessionFiles } from "./download-session-file/list.ts";
import { prepareDownloadSessionFile } from "./download-session-file/prepare.ts";
import { collectBlobs } from "./duties/collect-blobs.ts";
import { expireSessions } from "./duties/expire-sessions.ts";
import { purge } from "./duties/purge.ts";
import { recordActivity } from "./duties/record-activity.ts";
import { recover } from "./duties/recover.ts";
import { sweepStaging } from "./duties/sweep-staging.ts";
import { Exclusive } from "./exclusive.ts";
import { createItem } from "./item/create.ts";
import { deleteItem } from "./item/delete.ts";
import { findItems } from "./item/find.ts";
import { getItem } from "./item/get.ts";
import { listItems } from "./item/list.ts";
import { updateItem } from "./item/update.ts";
import { getItemFile } from "./item-file/get.ts";
import { listItemFiles } from "./item-file/list.ts";
import { getItemStorage } from "./item-storage/get.ts";
import { listItemStorage } from "./item-storage/list.ts";
import { findLibraries } from "./library/find.ts";
import { getLibrary } from "./library/get.ts";
import { listLibraries } from "./library/list.ts";
import { updateLibrary, updateLocalLibrary } from "./library/update.ts";
import { CutSignal, LiveTransfers } from "./live-transfers.ts";
import { createLocalLibrary } from "./local-library/create.ts";
import { deleteLocalLibrary } from "./local-library/delete.ts";
import { getLocalLibrary } from "./local-library/get.ts";
import { listLocalLibraries } from "./local-library/list.ts";
import { LiveLogins } from "./login/logins.ts";
import type { Ports, Settings } from "./ports.ts";
import { SessionTime } from "./session-time.ts";
import { openDownload } from "./transfers/open-download.ts";
import { checkUpload, openUpload } from "./transfers/open-upload.ts";
import { cancelUpdateSession } from "./update-session/cancel.ts";
import { completeUpdateSession } from "./update-session/complete.ts";
import { createUpdateSession } from "./update-session/create.ts";
import { deleteUpdateSession } from "./update-session/delete.ts";
import { failUpdateSession } from "./update-session/fail.ts";
import { getUpdateSession } from "./update-session/get.ts";
import { keepUpdateSessionAlive } from "./update-session/keep-alive.ts";
import { listUpdateSessions } from "./update-session/list.ts";
import { updateUpdateSession } from "./update-session/update.ts";
import { addUpdateSessionFile } from "./update-session-file/add.ts";
import { getUpdateSessionFile } from "./update-session-file/get.ts";
import { listUpdateSessionFiles } from "./update-session-file/list.ts";
import { removeUpdateSessionFile } from "./update-session-file/remove.ts";
import { validateUpdateSessionFiles } from "./update-session-file/validate.ts";

/** How long a shutdown waits for cut transfers to be over. */
const DRAIN_WAIT_MS = 5_000;

const composeHandlers = (core: Core): Handlers => ({
  "library.list": listLibraries(core),
  "library.get": getLibrary(core),
  "library.update": updateLibrary(core),
  "library.find": findLibraries(core),
  "localLibrary.create": createLocalLibrary(core),
  "localLibrary.list": listLocalLibraries(core),
  "localLibrary.get": getLocalLibrary(core),
  "localLibrary.update": updateLocalLibrary(core),
  "localLibrary.delete": deleteLocalLibrary(core),
  "item.create": createItem(core),
  "item.get": getItem(core),
  "item.update": updateItem(core),
  "item.delete": deleteItem(core),
  "item.list": listItems(core),
  "item.find": findItems(core),
  "itemFile.list": listItemFiles(core),
  "itemFile.get": getItemFile(core),
  "itemStorage.list": listItemStorage(core),
  "itemStorage.get": getItemStorage(core),
  "updateSession.create": createUpdateSession(core),
  "updateSession.list": listUpdateSessions(core),
  "updateSession.get": getUpdateSession(core),
  "updateSession.update": updateUpdateSession(core),
  "updateSession.delete": deleteUpdateSession(core),
  "updateSession.cancel": cancelUpdateSession(core),
  "updateSession.complete": completeUpdateSession(core),
  "updateSession.fail": failUpdateSession(core),
  "updateSession.keepAlive": keepUpdateSessionAlive(core),
  "updateSessionFile.add": addUpdateSessionFile(core),
  "updateSessionFile.list": listUpdateSessionFiles(core),
  "updateSessionFile.get": getUpdateSessionFile(core),
  "updateSessionFile.remove": removeUpdateSessionFile(core),
  "updateSessionFile.validate": validateUpdateSessionFiles(core),
  "downloadSession.create": createDownloadSession(core),
  "downloadSession.list": listDownloadSessions(core),
  "downloadSession.get": getDownloadSession(core),
  "downloadSession.delete": deleteDownloadSession(core),
  "downloadSession.cancel": cancelDownloadSession(core),
  "downloadSession.fail": failDownloadSession(core),
  "downloadSession.keepAlive": keepDownloadSessionAlive(core),
  "downloadSessionFile.list": listDownloadSessionFiles(core),
  "downloadSessionFile.prepare": prepareDownloadSessionFile(core),
  "downloadSessionFile.get": getDownloadSessionFile(core),
});

const composeDuties = (core: Core): Duties => {
  let floorStoredAt = 0;
  return {
    expireSessions: () => expireSessions(core),
    recordActivity: async () => {
      floorStoredAt = await recordActivity(core, floorStoredAt);
    },
    purge: () => purge(core),
    sweepStaging: () => sweepStaging(core),
    collectBlobs: () => collectBlobs(core),
  };
};

const composeTransfers = (core: Core): Transfers => ({
  openUpload: (segment, contentLengthBytes) => openUpload(core, segment, contentLengthBytes),
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
  const core: Core = {
    ...ports,
    settings,
    time: new SessionTime(ports.clock, settings.sessionTimeoutMs),
    live: new LiveTransfers(),
    exclusive: new Exclusive(),
    downloads: new DownloadProgress(),
    logins: new LiveLogins(ports, settings),
    server: { guid: "" },
  };
  return {
    handlers: composeHandlers(core),
    logins: core.logins,
    transfers: composeTransfers(core),
    duties: composeDuties(core),
    recover: () => recover(core),
    drain: () => drain(core),
  };
};
