// Generated from packages/contract/src/operations by `npm run generate`.
import type { OperationId } from "./operation-ids.ts";
import type { OperationRight } from "./right.ts";

/** What a caller needs to have each operation done. */
export const OPERATION_RIGHTS: Readonly<Record<OperationId, OperationRight>> = {
  "audit.list": {
    privilege: "contentlib.ReadAudit",
    role: "administrator",
    on: { kind: "everything" },
  },
  "configuration.get": {
    privilege: "ContentLibrary.GetConfiguration",
    role: "none",
    on: { kind: "anything" },
  },
  "configuration.update": {
    privilege: "ContentLibrary.UpdateConfiguration",
    role: "administrator",
    on: { kind: "everything" },
  },
  "downloadSessionFile.list": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "nobody",
  },
  "downloadSessionFile.prepare": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "nobody",
  },
  "downloadSessionFile.get": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "nobody",
  },
  "downloadSession.create": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "item", parameter: "create_spec.library_item_id" },
  },
  "downloadSession.list": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "item", parameter: "library_item_id", whenAbsent: "anything" },
  },
  "downloadSession.get": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "editor",
  },
  "downloadSession.delete": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "editor",
  },
  "downloadSession.cancel": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "editor",
  },
  "downloadSession.fail": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "editor",
  },
  "downloadSession.keepAlive": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "download-session", parameter: "download_session_id" },
    others: "nobody",
  },
  "event.stream": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "library", parameter: "library_id", whenAbsent: "anything" },
    also: [
      {
        privilege: "System.Read",
        role: "viewer",
        on: { kind: "update-session", parameter: "update_session_id", whenAbsent: "anything" },
        others: "viewer",
      },
    ],
  },
  "grant.create": {
    privilege: "contentlib.ManageGrants",
    role: "administrator",
    on: { kind: "library", parameter: "create_spec.library_id", whenAbsent: "everything" },
  },
  "grant.list": { privilege: "contentlib.ReadGrants", role: "none", on: { kind: "anything" } },
  "grant.delete": {
    privilege: "contentlib.ManageGrants",
    role: "administrator",
    on: { kind: "grant", parameter: "grant_id" },
  },
  "group.create": {
    privilege: "contentlib.ManageGroups",
    role: "administrator",
    on: { kind: "everything" },
  },
  "group.list": {
    privilege: "contentlib.ManageGroups",
    role: "administrator",
    on: { kind: "everything" },
  },
  "group.get": {
    privilege: "contentlib.ManageGroups",
    role: "administrator",
    on: { kind: "everything" },
  },
  "group.update": {
    privilege: "contentlib.ManageGroups",
    role: "administrator",
    on: { kind: "everything" },
  },
  "group.delete": {
    privilege: "contentlib.ManageGroups",
    role: "administrator",
    on: { kind: "everything" },
  },
  "itemChange.list": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "item", parameter: "library_item" },
  },
  "itemChange.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "item", parameter: "library_item" },
  },
  "itemFile.list": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "itemFile.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "itemStorage.list": {
    privilege: "ContentLibrary.ReadStorage",
    role: "viewer",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "itemStorage.get": {
    privilege: "ContentLibrary.ReadStorage",
    role: "viewer",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "itemVersion.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "item", parameter: "library_item" },
  },
  "itemVersion.download": {
    privilege: "ContentLibrary.DownloadSession",
    role: "viewer",
    on: { kind: "item", parameter: "library_item" },
  },
  "itemVersion.rollback": {
    privilege: "ContentLibrary.UpdateLibraryItem",
    role: "editor",
    on: { kind: "item", parameter: "library_item" },
  },
  "item.create": {
    privilege: "ContentLibrary.AddLibraryItem",
    role: "editor",
    on: { kind: "library", parameter: "create_spec.library_id" },
  },
  "item.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "item.update": {
    privilege: "ContentLibrary.UpdateLibraryItem",
    role: "editor",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "item.delete": {
    privilege: "ContentLibrary.DeleteLibraryItem",
    role: "editor",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "item.list": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "library", parameter: "library_id" },
  },
  "item.find": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "library", parameter: "spec.library_id", whenAbsent: "anything" },
  },
  "item.copy": {
    privilege: "ContentLibrary.AddLibraryItem",
    role: "editor",
    on: { kind: "library", parameter: "destination_create_spec.library_id" },
    also: [
      {
        privilege: "System.Read",
        role: "viewer",
        on: { kind: "item", parameter: "source_library_item_id" },
      },
    ],
  },
  "item.publish": {
    privilege: "ContentLibrary.PublishLibraryItem",
    role: "editor",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "librarySetting.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "library", parameter: "library" },
  },
  "librarySetting.update": {
    privilege: "contentlib.UpdateLibrarySettings",
    role: "administrator",
    on: { kind: "library", parameter: "library" },
  },
  "library.list": { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
  "library.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "library", parameter: "library_id" },
  },
  "library.update": {
    privilege: "ContentLibrary.UpdateLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "library.delete": {
    privilege: "ContentLibrary.DeleteLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "library.find": { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
  "localLibrary.create": {
    privilege: "ContentLibrary.CreateLocalLibrary",
    role: "administrator",
    on: { kind: "everything" },
  },
  "localLibrary.list": { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
  "localLibrary.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "library", parameter: "library_id" },
  },
  "localLibrary.update": {
    privilege: "ContentLibrary.UpdateLocalLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "localLibrary.delete": {
    privilege: "ContentLibrary.DeleteLocalLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "localLibrary.publish": {
    privilege: "ContentLibrary.PublishLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "login.create": { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
  "login.get": { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
  "login.delete": { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
  "securityPolicy.list": { privilege: "System.Read", role: "none", on: { kind: "anything" } },
  "sessionOverview.list": {
    privilege: "contentlib.ReadSessions",
    role: "administrator",
    on: { kind: "everything" },
  },
  "subscribedItem.evict": {
    privilege: "ContentLibrary.EvictLibraryItem",
    role: "editor",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "subscribedItem.sync": {
    privilege: "ContentLibrary.SyncLibraryItem",
    role: "editor",
    on: { kind: "item", parameter: "library_item_id" },
  },
  "subscribedLibrary.create": {
    privilege: "ContentLibrary.CreateSubscribedLibrary",
    role: "administrator",
    on: { kind: "everything" },
  },
  "subscribedLibrary.list": { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
  "subscribedLibrary.get": {
    privilege: "System.Read",
    role: "viewer",
    on: { kind: "library", parameter: "library_id" },
  },
  "subscribedLibrary.update": {
    privilege: "ContentLibrary.UpdateSubscribedLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "subscribedLibrary.delete": {
    privilege: "ContentLibrary.DeleteSubscribedLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "subscribedLibrary.evict": {
    privilege: "ContentLibrary.EvictSubscribedLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "subscribedLibrary.sync": {
    privilege: "ContentLibrary.SyncLibrary",
    role: "administrator",
    on: { kind: "library", parameter: "library_id" },
  },
  "subscribedLibrary.probe": {
    privilege: "ContentLibrary.ProbeSubscription",
    role: "administrator",
    on: { kind: "everything" },
  },
  "subscription.create": {
    privilege: "ContentLibrary.AddSubscription",
    role: "administrator",
    on: { kind: "library", parameter: "library" },
    also: [
      {
        privilege: "ContentLibrary.UpdateSubscribedLibrary",
        role: "administrator",
        on: {
          kind: "library",
          parameter: "spec.subscribed_library.subscribed_library",
          whenAbsent: "everything",
        },
      },
    ],
  },
  "subscription.list": {
    privilege: "System.Read",
    role: "administrator",
    on: { kind: "library", parameter: "library" },
  },
  "subscription.get": {
    privilege: "System.Read",
    role: "administrator",
    on: { kind: "library", parameter: "library" },
  },
  "subscription.update": {
    privilege: "ContentLibrary.UpdateSubscription",
    role: "administrator",
    on: { kind: "library", parameter: "library" },
  },
  "subscription.delete": {
    privilege: "ContentLibrary.DeleteSubscription",
    role: "administrator",
    on: { kind: "library", parameter: "library" },
  },
  "token.create": {
    privilege: "contentlib.ManageTokens",
    role: "none",
    on: { kind: "self", parameter: "create_spec.user", whenAbsent: "self" },
  },
  "token.list": {
    privilege: "contentlib.ManageTokens",
    role: "none",
    on: { kind: "self", parameter: "user", whenAbsent: "self" },
  },
  "token.delete": {
    privilege: "contentlib.ManageTokens",
    role: "none",
    on: { kind: "self", parameter: "token_id" },
  },
  "trustedCertificate.create": {
    privilege: "ContentLibrary.AddCertToTrustStore",
    role: "administrator",
    on: { kind: "everything" },
  },
  "trustedCertificate.list": { privilege: "System.Read", role: "none", on: { kind: "anything" } },
  "trustedCertificate.get": { privilege: "System.Read", role: "none", on: { kind: "anything" } },
  "trustedCertificate.delete": {
    privilege: "ContentLibrary.DeleteCertFromTrustStore",
    role: "administrator",
    on: { kind: "everything" },
  },
  "type.list": {
    privilege: "ContentLibrary.TypeIntrospection",
    role: "none",
    on: { kind: "anything" },
  },
  "updateSessionFile.add": {
    privilege: "ContentLibrary.UpdateSession",
    role: "editor",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "updateSessionFile.list": {
    privilege: "ContentLibrary.UpdateSession",
    role: "viewer",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "updateSessionFile.get": {
    privilege: "ContentLibrary.UpdateSession",
    role: "viewer",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "updateSessionFile.remove": {
    privilege: "ContentLibrary.UpdateSession",
    role: "editor",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "updateSessionFile.validate": {
    privilege: "ContentLibrary.UpdateSession",
    role: "editor",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "updateSession.create": {
    privilege: "ContentLibrary.UpdateSession",
    role: "editor",
    on: { kind: "item", parameter: "create_spec.library_item_id" },
  },
  "updateSession.list": {
    privilege: "ContentLibrary.UpdateSession",
    role: "viewer",
    on: { kind: "item", parameter: "library_item_id", whenAbsent: "anything" },
  },
  "updateSession.get": {
    privilege: "ContentLibrary.UpdateSession",
    role: "viewer",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "editor",
  },
  "updateSession.update": {
    privilege: "ContentLibrary.UpdateSession",
    role: "editor",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "updateSession.delete": {
    privilege: "ContentLibrary.UpdateSession",
    role: "viewer",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "editor",
  },
  "updateSession.cancel": {
    privilege: "ContentLibrary.UpdateSession",
    role: "viewer",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "editor",
  },
  "updateSession.complete": {
    privilege: "ContentLibrary.UpdateSession",
    role: "editor",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "updateSession.fail": {
    privilege: "ContentLibrary.UpdateSession",
    role: "viewer",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "editor",
  },
  "updateSession.keepAlive": {
    privilege: "ContentLibrary.UpdateSession",
    role: "editor",
    on: { kind: "update-session", parameter: "update_session_id" },
    others: "nobody",
  },
  "user.create": {
    privilege: "contentlib.ManageUsers",
    role: "administrator",
    on: { kind: "everything" },
  },
  "user.list": {
    privilege: "contentlib.ManageUsers",
    role: "administrator",
    on: { kind: "everything" },
  },
  "user.get": {
    privilege: "contentlib.ManageUsers",
    role: "none",
    on: { kind: "self", parameter: "user" },
  },
  "user.update": {
    privilege: "contentlib.ManageUsers",
    role: "none",
    on: { kind: "self", parameter: "user" },
  },
  "user.delete": {
    privilege: "contentlib.ManageUsers",
    role: "administrator",
    on: { kind: "everything" },
  },
  "whoami.get": { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
};
