// Generated from packages/server/src/app by `npm run generate`.
import type { Handlers } from "./call.ts";
import type { Core } from "./core.ts";
import { getConfiguration } from "./configuration/get.ts";
import { updateConfiguration } from "./configuration/update.ts";
import { getDownloadSessionFile } from "./download-session-file/get.ts";
import { listDownloadSessionFiles } from "./download-session-file/list.ts";
import { prepareDownloadSessionFile } from "./download-session-file/prepare.ts";
import { cancelDownloadSession } from "./download-session/cancel.ts";
import { createDownloadSession } from "./download-session/create.ts";
import { deleteDownloadSession } from "./download-session/delete.ts";
import { failDownloadSession } from "./download-session/fail.ts";
import { getDownloadSession } from "./download-session/get.ts";
import { keepDownloadSessionAlive } from "./download-session/keep-alive.ts";
import { listDownloadSessions } from "./download-session/list.ts";
import { createGrant } from "./grant/create.ts";
import { deleteGrant } from "./grant/delete.ts";
import { listGrants } from "./grant/list.ts";
import { createGroup } from "./group/create.ts";
import { deleteGroup } from "./group/delete.ts";
import { getGroup } from "./group/get.ts";
import { listGroups } from "./group/list.ts";
import { updateGroup } from "./group/update.ts";
import { getItemChange } from "./item-change/get.ts";
import { listItemChanges } from "./item-change/list.ts";
import { getItemFile } from "./item-file/get.ts";
import { listItemFiles } from "./item-file/list.ts";
import { getItemStorage } from "./item-storage/get.ts";
import { listItemStorage } from "./item-storage/list.ts";
import { copyItem } from "./item/copy.ts";
import { createItem } from "./item/create.ts";
import { deleteItem } from "./item/delete.ts";
import { findItems } from "./item/find.ts";
import { getItem } from "./item/get.ts";
import { listItems } from "./item/list.ts";
import { publishItem } from "./item/publish.ts";
import { updateItem } from "./item/update.ts";
import { deleteLibrary } from "./library/delete.ts";
import { findLibraries } from "./library/find.ts";
import { getLibrary } from "./library/get.ts";
import { listLibraries } from "./library/list.ts";
import { updateLibrary, updateLocalLibrary, updateSubscribedLibrary } from "./library/update.ts";
import { createLocalLibrary } from "./local-library/create.ts";
import { deleteLocalLibrary } from "./local-library/delete.ts";
import { getLocalLibrary } from "./local-library/get.ts";
import { listLocalLibraries } from "./local-library/list.ts";
import { publishLocalLibrary } from "./local-library/publish.ts";
import { listSecurityPolicies } from "./security-policy/list.ts";
import { listSessionOverviews } from "./session-overview/list.ts";
import { evictSubscribedItem } from "./subscribed-item/evict.ts";
import { syncSubscribedItem } from "./subscribed-item/sync.ts";
import { createSubscribedLibrary } from "./subscribed-library/create.ts";
import { deleteSubscribedLibrary } from "./subscribed-library/delete.ts";
import { evictSubscribedLibrary } from "./subscribed-library/evict.ts";
import { getSubscribedLibrary } from "./subscribed-library/get.ts";
import { listSubscribedLibraries } from "./subscribed-library/list.ts";
import { probeSubscribedLibrary } from "./subscribed-library/probe.ts";
import { syncSubscribedLibrary } from "./subscribed-library/sync.ts";
import { createSubscription } from "./subscription/create.ts";
import { deleteSubscription } from "./subscription/delete.ts";
import { getSubscription } from "./subscription/get.ts";
import { listSubscriptions } from "./subscription/list.ts";
import { updateSubscription } from "./subscription/update.ts";
import { createToken } from "./token/create.ts";
import { deleteToken } from "./token/delete.ts";
import { listTokens } from "./token/list.ts";
import { createTrustedCertificate } from "./trusted-certificate/create.ts";
import { deleteTrustedCertificate } from "./trusted-certificate/delete.ts";
import { getTrustedCertificate } from "./trusted-certificate/get.ts";
import { listTrustedCertificates } from "./trusted-certificate/list.ts";
import { listTypes } from "./type/list.ts";
import { addUpdateSessionFile } from "./update-session-file/add.ts";
import { getUpdateSessionFile } from "./update-session-file/get.ts";
import { listUpdateSessionFiles } from "./update-session-file/list.ts";
import { removeUpdateSessionFile } from "./update-session-file/remove.ts";
import { validateUpdateSessionFiles } from "./update-session-file/validate.ts";
import { cancelUpdateSession } from "./update-session/cancel.ts";
import { completeUpdateSession } from "./update-session/complete.ts";
import { createUpdateSession } from "./update-session/create.ts";
import { deleteUpdateSession } from "./update-session/delete.ts";
import { failUpdateSession } from "./update-session/fail.ts";
import { getUpdateSession } from "./update-session/get.ts";
import { keepUpdateSessionAlive } from "./update-session/keep-alive.ts";
import { listUpdateSessions } from "./update-session/list.ts";
import { updateUpdateSession } from "./update-session/update.ts";
import { createUser } from "./user/create.ts";
import { deleteUser } from "./user/delete.ts";
import { getUser } from "./user/get.ts";
import { listUsers } from "./user/list.ts";
import { updateUser } from "./user/update.ts";
import { getWhoami } from "./whoami/get.ts";

/** Every operation over the ports. */
export const composeHandlers = (core: Core): Handlers => ({
  "configuration.get": getConfiguration(core),
  "configuration.update": updateConfiguration(core),
  "downloadSessionFile.list": listDownloadSessionFiles(core),
  "downloadSessionFile.prepare": prepareDownloadSessionFile(core),
  "downloadSessionFile.get": getDownloadSessionFile(core),
  "downloadSession.create": createDownloadSession(core),
  "downloadSession.list": listDownloadSessions(core),
  "downloadSession.get": getDownloadSession(core),
  "downloadSession.delete": deleteDownloadSession(core),
  "downloadSession.cancel": cancelDownloadSession(core),
  "downloadSession.fail": failDownloadSession(core),
  "downloadSession.keepAlive": keepDownloadSessionAlive(core),
  "grant.create": createGrant(core),
  "grant.list": listGrants(core),
  "grant.delete": deleteGrant(core),
  "group.create": createGroup(core),
  "group.list": listGroups(core),
  "group.get": getGroup(core),
  "group.update": updateGroup(core),
  "group.delete": deleteGroup(core),
  "itemChange.list": listItemChanges(core),
  "itemChange.get": getItemChange(core),
  "itemFile.list": listItemFiles(core),
  "itemFile.get": getItemFile(core),
  "itemStorage.list": listItemStorage(core),
  "itemStorage.get": getItemStorage(core),
  "item.create": createItem(core),
  "item.get": getItem(core),
  "item.update": updateItem(core),
  "item.delete": deleteItem(core),
  "item.list": listItems(core),
  "item.find": findItems(core),
  "item.copy": copyItem(core),
  "item.publish": publishItem(core),
  "library.list": listLibraries(core),
  "library.get": getLibrary(core),
  "library.update": updateLibrary(core),
  "library.delete": deleteLibrary(core),
  "library.find": findLibraries(core),
  "localLibrary.create": createLocalLibrary(core),
  "localLibrary.list": listLocalLibraries(core),
  "localLibrary.get": getLocalLibrary(core),
  "localLibrary.update": updateLocalLibrary(core),
  "localLibrary.delete": deleteLocalLibrary(core),
  "localLibrary.publish": publishLocalLibrary(core),
  "securityPolicy.list": listSecurityPolicies(core),
  "sessionOverview.list": listSessionOverviews(core),
  "subscribedItem.evict": evictSubscribedItem(core),
  "subscribedItem.sync": syncSubscribedItem(core),
  "subscribedLibrary.create": createSubscribedLibrary(core),
  "subscribedLibrary.list": listSubscribedLibraries(core),
  "subscribedLibrary.get": getSubscribedLibrary(core),
  "subscribedLibrary.update": updateSubscribedLibrary(core),
  "subscribedLibrary.delete": deleteSubscribedLibrary(core),
  "subscribedLibrary.evict": evictSubscribedLibrary(core),
  "subscribedLibrary.sync": syncSubscribedLibrary(core),
  "subscribedLibrary.probe": probeSubscribedLibrary(core),
  "subscription.create": createSubscription(core),
  "subscription.list": listSubscriptions(core),
  "subscription.get": getSubscription(core),
  "subscription.update": updateSubscription(core),
  "subscription.delete": deleteSubscription(core),
  "token.create": createToken(core),
  "token.list": listTokens(core),
  "token.delete": deleteToken(core),
  "trustedCertificate.create": createTrustedCertificate(core),
  "trustedCertificate.list": listTrustedCertificates(core),
  "trustedCertificate.get": getTrustedCertificate(core),
  "trustedCertificate.delete": deleteTrustedCertificate(core),
  "type.list": listTypes(core),
  "updateSessionFile.add": addUpdateSessionFile(core),
  "updateSessionFile.list": listUpdateSessionFiles(core),
  "updateSessionFile.get": getUpdateSessionFile(core),
  "updateSessionFile.remove": removeUpdateSessionFile(core),
  "updateSessionFile.validate": validateUpdateSessionFiles(core),
  "updateSession.create": createUpdateSession(core),
  "updateSession.list": listUpdateSessions(core),
  "updateSession.get": getUpdateSession(core),
  "updateSession.update": updateUpdateSession(core),
  "updateSession.delete": deleteUpdateSession(core),
  "updateSession.cancel": cancelUpdateSession(core),
  "updateSession.complete": completeUpdateSession(core),
  "updateSession.fail": failUpdateSession(core),
  "updateSession.keepAlive": keepUpdateSessionAlive(core),
  "user.create": createUser(core),
  "user.list": listUsers(core),
  "user.get": getUser(core),
  "user.update": updateUser(core),
  "user.delete": deleteUser(core),
  "whoami.get": getWhoami(core),
});
