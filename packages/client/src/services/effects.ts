// Generated from packages/contract/src/operations by `npm run generate`.
import type { OperationId } from "@contentlib/contract";

/** The operations that are not harmless to repeat: none of them is tried again by itself. */
export const ONCE_OPERATIONS: ReadonlySet<OperationId> = new Set<OperationId>([
  "downloadSession.create",
  "downloadSession.cancel",
  "downloadSession.fail",
  "grant.create",
  "group.create",
  "itemVersion.download",
  "itemVersion.rollback",
  "item.create",
  "item.copy",
  "localLibrary.create",
  "login.create",
  "subscribedLibrary.create",
  "subscription.create",
  "token.create",
  "updateSessionFile.add",
  "updateSession.create",
  "updateSession.cancel",
  "updateSession.complete",
  "updateSession.fail",
  "user.create",
]);
