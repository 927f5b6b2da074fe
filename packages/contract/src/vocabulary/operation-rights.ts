// Generated from packages/contract/src/operations by `npm run generate`.
import { OPERATION_IDS, type OperationId } from "./operation-ids.ts";
import type { OperationRight } from "./right.ts";

/** Each right with the operations that need it; a test holds that every operation stands here once. */
const NEEDED: readonly (readonly [OperationRight, readonly OperationId[]])[] = [
  [
    { privilege: "contentlib.ReadAudit", role: "administrator", on: { kind: "everything" } },
    ["audit.list"],
  ],
  [
    { privilege: "ContentLibrary.GetConfiguration", role: "none", on: { kind: "anything" } },
    ["configuration.get"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateConfiguration",
      role: "administrator",
      on: { kind: "everything" },
    },
    ["configuration.update"],
  ],
  [
    {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "nobody",
    },
    [
      "downloadSessionFile.list",
      "downloadSessionFile.prepare",
      "downloadSessionFile.get",
      "downloadSession.keepAlive",
    ],
  ],
  [
    {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "item", parameter: "create_spec.library_item_id" },
    },
    ["downloadSession.create"],
  ],
  [
    {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id", whenAbsent: "anything" },
    },
    ["downloadSession.list"],
  ],
  [
    {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "download-session", parameter: "download_session_id" },
      others: "editor",
    },
    [
      "downloadSession.get",
      "downloadSession.delete",
      "downloadSession.cancel",
      "downloadSession.fail",
    ],
  ],
  [
    {
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
    ["event.stream"],
  ],
  [
    {
      privilege: "contentlib.ManageGrants",
      role: "administrator",
      on: { kind: "library", parameter: "create_spec.library_id", whenAbsent: "everything" },
    },
    ["grant.create"],
  ],
  [{ privilege: "contentlib.ReadGrants", role: "none", on: { kind: "anything" } }, ["grant.list"]],
  [
    {
      privilege: "contentlib.ManageGrants",
      role: "administrator",
      on: { kind: "grant", parameter: "grant_id" },
    },
    ["grant.delete"],
  ],
  [
    { privilege: "contentlib.ManageGroups", role: "administrator", on: { kind: "everything" } },
    ["group.create", "group.list", "group.get", "group.update", "group.delete"],
  ],
  [
    { privilege: "System.Read", role: "viewer", on: { kind: "item", parameter: "library_item" } },
    ["itemChange.list", "itemChange.get", "itemFact.get", "itemVersion.get"],
  ],
  [
    {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id" },
    },
    ["itemFile.list", "itemFile.get", "item.get"],
  ],
  [
    {
      privilege: "ContentLibrary.ReadStorage",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id" },
    },
    ["itemStorage.list", "itemStorage.get"],
  ],
  [
    {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "item", parameter: "library_item" },
    },
    ["itemVersion.download"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item" },
    },
    ["itemVersion.rollback"],
  ],
  [
    {
      privilege: "ContentLibrary.AddLibraryItem",
      role: "editor",
      on: { kind: "library", parameter: "create_spec.library_id" },
    },
    ["item.create"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    ["item.update"],
  ],
  [
    {
      privilege: "ContentLibrary.DeleteLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    ["item.delete"],
  ],
  [
    { privilege: "System.Read", role: "viewer", on: { kind: "library", parameter: "library_id" } },
    ["item.list", "library.get", "localLibrary.get", "subscribedLibrary.get"],
  ],
  [
    {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "spec.library_id", whenAbsent: "anything" },
    },
    ["item.find"],
  ],
  [
    {
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
    ["item.copy"],
  ],
  [
    {
      privilege: "ContentLibrary.PublishLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    ["item.publish"],
  ],
  [
    { privilege: "System.Read", role: "viewer", on: { kind: "library", parameter: "library" } },
    ["librarySetting.get"],
  ],
  [
    {
      privilege: "contentlib.UpdateLibrarySettings",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    ["librarySetting.update"],
  ],
  [
    { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
    ["library.list", "library.find", "localLibrary.list", "subscribedLibrary.list"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["library.update"],
  ],
  [
    {
      privilege: "ContentLibrary.DeleteLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["library.delete"],
  ],
  [
    {
      privilege: "ContentLibrary.CreateLocalLibrary",
      role: "administrator",
      on: { kind: "everything" },
    },
    ["localLibrary.create"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateLocalLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["localLibrary.update"],
  ],
  [
    {
      privilege: "ContentLibrary.DeleteLocalLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["localLibrary.delete"],
  ],
  [
    {
      privilege: "ContentLibrary.PublishLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["localLibrary.publish"],
  ],
  [
    { privilege: "System.Anonymous", role: "none", on: { kind: "anything" } },
    ["login.create", "login.get", "login.delete", "whoami.get"],
  ],
  [
    { privilege: "ContentLibrary.UpdateSession", role: "editor", on: { kind: "anywhere" } },
    ["probe.get", "updateSessionFile.probe"],
  ],
  [
    { privilege: "contentlib.ManageSecrets", role: "administrator", on: { kind: "everything" } },
    ["secret.set", "secret.list", "secret.delete"],
  ],
  [
    { privilege: "System.Read", role: "none", on: { kind: "anything" } },
    ["securityPolicy.list", "trustedCertificate.list", "trustedCertificate.get"],
  ],
  [
    { privilege: "contentlib.ReadSessions", role: "administrator", on: { kind: "everything" } },
    ["sessionOverview.list"],
  ],
  [
    {
      privilege: "ContentLibrary.EvictLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    ["subscribedItem.evict"],
  ],
  [
    {
      privilege: "ContentLibrary.SyncLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    ["subscribedItem.sync"],
  ],
  [
    {
      privilege: "ContentLibrary.CreateSubscribedLibrary",
      role: "administrator",
      on: { kind: "everything" },
    },
    ["subscribedLibrary.create"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateSubscribedLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["subscribedLibrary.update"],
  ],
  [
    {
      privilege: "ContentLibrary.DeleteSubscribedLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["subscribedLibrary.delete"],
  ],
  [
    {
      privilege: "ContentLibrary.EvictSubscribedLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["subscribedLibrary.evict"],
  ],
  [
    {
      privilege: "ContentLibrary.SyncLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    ["subscribedLibrary.sync"],
  ],
  [
    {
      privilege: "ContentLibrary.ProbeSubscription",
      role: "administrator",
      on: { kind: "everything" },
    },
    ["subscribedLibrary.probe"],
  ],
  [
    {
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
    ["subscription.create"],
  ],
  [
    {
      privilege: "System.Read",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    ["subscription.list", "subscription.get"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateSubscription",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    ["subscription.update"],
  ],
  [
    {
      privilege: "ContentLibrary.DeleteSubscription",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    ["subscription.delete"],
  ],
  [
    {
      privilege: "contentlib.ManageTokens",
      role: "none",
      on: { kind: "self", parameter: "create_spec.user", whenAbsent: "self" },
    },
    ["token.create"],
  ],
  [
    {
      privilege: "contentlib.ManageTokens",
      role: "none",
      on: { kind: "self", parameter: "user", whenAbsent: "self" },
    },
    ["token.list"],
  ],
  [
    {
      privilege: "contentlib.ManageTokens",
      role: "none",
      on: { kind: "self", parameter: "token_id" },
    },
    ["token.delete"],
  ],
  [
    {
      privilege: "ContentLibrary.AddCertToTrustStore",
      role: "administrator",
      on: { kind: "everything" },
    },
    ["trustedCertificate.create"],
  ],
  [
    {
      privilege: "ContentLibrary.DeleteCertFromTrustStore",
      role: "administrator",
      on: { kind: "everything" },
    },
    ["trustedCertificate.delete"],
  ],
  [
    { privilege: "ContentLibrary.TypeIntrospection", role: "none", on: { kind: "anything" } },
    ["type.list"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    [
      "updateSessionFile.add",
      "updateSessionFile.remove",
      "updateSessionFile.validate",
      "updateSession.update",
      "updateSession.complete",
      "updateSession.keepAlive",
    ],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "nobody",
    },
    ["updateSessionFile.list", "updateSessionFile.get"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateSession",
      role: "editor",
      on: { kind: "item", parameter: "create_spec.library_item_id" },
    },
    ["updateSession.create"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id", whenAbsent: "anything" },
    },
    ["updateSession.list"],
  ],
  [
    {
      privilege: "ContentLibrary.UpdateSession",
      role: "viewer",
      on: { kind: "update-session", parameter: "update_session_id" },
      others: "editor",
    },
    ["updateSession.get", "updateSession.delete", "updateSession.cancel", "updateSession.fail"],
  ],
  [
    { privilege: "contentlib.ManageUsers", role: "administrator", on: { kind: "everything" } },
    ["user.create", "user.list", "user.delete"],
  ],
  [
    { privilege: "contentlib.ManageUsers", role: "none", on: { kind: "self", parameter: "user" } },
    ["user.get", "user.update"],
  ],
];

const RIGHT_OF = new Map(NEEDED.flatMap(([right, ids]) => ids.map((id) => [id, right] as const)));

/** What a caller needs to have each operation done. */
export const OPERATION_RIGHTS: Readonly<Record<OperationId, OperationRight>> = Object.fromEntries(
  OPERATION_IDS.map((id) => [id, RIGHT_OF.get(id)]),
) as Record<OperationId, OperationRight>;
