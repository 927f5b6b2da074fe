// Generated from packages/server/src/app by `npm run generate`.
import type { HandlerMakers } from "./core.ts";
import { listAudit } from "./audit/list.ts";
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
import { getItemFact } from "./item-fact/get.ts";
import { getItemFile } from "./item-file/get.ts";
import { listItemFiles } from "./item-file/list.ts";
import { getItemStorage } from "./item-storage/get.ts";
import { listItemStorage } from "./item-storage/list.ts";
import { downloadItemVersion } from "./item-version/download.ts";
import { getItemVersion } from "./item-version/get.ts";
import { rollBackItem } from "./item-version/rollback.ts";
import { copyItem } from "./item/copy.ts";
import { createItem } from "./item/create.ts";
import { deleteItem } from "./item/delete.ts";
import { findItems } from "./item/find.ts";
import { getItem } from "./item/get.ts";
import { listItems } from "./item/list.ts";
import { publishItem } from "./item/publish.ts";
import { updateItem } from "./item/update.ts";
import { getLibrarySetting } from "./library-setting/get.ts";
import { updateLibrarySetting } from "./library-setting/update.ts";
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
import { getProbe } from "./probe/get.ts";
import { deleteSecret } from "./secret/delete.ts";
import { listSecrets } from "./secret/list.ts";
import { setSecret } from "./secret/set.ts";
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
import { probeUpdateSessionFile } from "./update-session-file/probe.ts";
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

/** What makes each operation over its ports. */
export const HANDLER_MAKERS: HandlerMakers = {
  "audit.list": listAudit,
  "configuration.get": getConfiguration,
  "configuration.update": updateConfiguration,
  "downloadSessionFile.list": listDownloadSessionFiles,
  "downloadSessionFile.prepare": prepareDownloadSessionFile,
  "downloadSessionFile.get": getDownloadSessionFile,
  "downloadSession.create": createDownloadSession,
  "downloadSession.list": listDownloadSessions,
  "downloadSession.get": getDownloadSession,
  "downloadSession.delete": deleteDownloadSession,
  "downloadSession.cancel": cancelDownloadSession,
  "downloadSession.fail": failDownloadSession,
  "downloadSession.keepAlive": keepDownloadSessionAlive,
  "grant.create": createGrant,
  "grant.list": listGrants,
  "grant.delete": deleteGrant,
  "group.create": createGroup,
  "group.list": listGroups,
  "group.get": getGroup,
  "group.update": updateGroup,
  "group.delete": deleteGroup,
  "itemChange.list": listItemChanges,
  "itemChange.get": getItemChange,
  "itemFact.get": getItemFact,
  "itemFile.list": listItemFiles,
  "itemFile.get": getItemFile,
  "itemStorage.list": listItemStorage,
  "itemStorage.get": getItemStorage,
  "itemVersion.get": getItemVersion,
  "itemVersion.download": downloadItemVersion,
  "itemVersion.rollback": rollBackItem,
  "item.create": createItem,
  "item.get": getItem,
  "item.update": updateItem,
  "item.delete": deleteItem,
  "item.list": listItems,
  "item.find": findItems,
  "item.copy": copyItem,
  "item.publish": publishItem,
  "librarySetting.get": getLibrarySetting,
  "librarySetting.update": updateLibrarySetting,
  "library.list": listLibraries,
  "library.get": getLibrary,
  "library.update": updateLibrary,
  "library.delete": deleteLibrary,
  "library.find": findLibraries,
  "localLibrary.create": createLocalLibrary,
  "localLibrary.list": listLocalLibraries,
  "localLibrary.get": getLocalLibrary,
  "localLibrary.update": updateLocalLibrary,
  "localLibrary.delete": deleteLocalLibrary,
  "localLibrary.publish": publishLocalLibrary,
  "probe.get": getProbe,
  "secret.set": setSecret,
  "secret.list": listSecrets,
  "secret.delete": deleteSecret,
  "securityPolicy.list": listSecurityPolicies,
  "sessionOverview.list": listSessionOverviews,
  "subscribedItem.evict": evictSubscribedItem,
  "subscribedItem.sync": syncSubscribedItem,
  "subscribedLibrary.create": createSubscribedLibrary,
  "subscribedLibrary.list": listSubscribedLibraries,
  "subscribedLibrary.get": getSubscribedLibrary,
  "subscribedLibrary.update": updateSubscribedLibrary,
  "subscribedLibrary.delete": deleteSubscribedLibrary,
  "subscribedLibrary.evict": evictSubscribedLibrary,
  "subscribedLibrary.sync": syncSubscribedLibrary,
  "subscribedLibrary.probe": probeSubscribedLibrary,
  "subscription.create": createSubscription,
  "subscription.list": listSubscriptions,
  "subscription.get": getSubscription,
  "subscription.update": updateSubscription,
  "subscription.delete": deleteSubscription,
  "token.create": createToken,
  "token.list": listTokens,
  "token.delete": deleteToken,
  "trustedCertificate.create": createTrustedCertificate,
  "trustedCertificate.list": listTrustedCertificates,
  "trustedCertificate.get": getTrustedCertificate,
  "trustedCertificate.delete": deleteTrustedCertificate,
  "type.list": listTypes,
  "updateSessionFile.add": addUpdateSessionFile,
  "updateSessionFile.list": listUpdateSessionFiles,
  "updateSessionFile.get": getUpdateSessionFile,
  "updateSessionFile.remove": removeUpdateSessionFile,
  "updateSessionFile.validate": validateUpdateSessionFiles,
  "updateSessionFile.probe": probeUpdateSessionFile,
  "updateSession.create": createUpdateSession,
  "updateSession.list": listUpdateSessions,
  "updateSession.get": getUpdateSession,
  "updateSession.update": updateUpdateSession,
  "updateSession.delete": deleteUpdateSession,
  "updateSession.cancel": cancelUpdateSession,
  "updateSession.complete": completeUpdateSession,
  "updateSession.fail": failUpdateSession,
  "updateSession.keepAlive": keepUpdateSessionAlive,
  "user.create": createUser,
  "user.list": listUsers,
  "user.get": getUser,
  "user.update": updateUser,
  "user.delete": deleteUser,
  "whoami.get": getWhoami,
};
