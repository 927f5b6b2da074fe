import type { Change, ChangeSet, ClashReason } from "../../../ports/change.ts";
import {
  deleteAccount,
  deleteLogin,
  deleteLogins,
  putAccount,
  putClientToken,
  putLogin,
  touchLogin,
} from "./change-access.ts";
import { putAudit } from "./change-audit.ts";
import { deleteCertificate, putCertificate } from "./change-certificate.ts";
import { putConfiguration } from "./change-configuration.ts";
import { deleteDownload, extendDownload, putDownload } from "./change-download.ts";
import { deleteGrant, expectAdministrator, putGrant } from "./change-grant.ts";
import { deleteGroup, putGroup } from "./change-group.ts";
import { deleteItem, expectIdleItem, expectItem, putItem } from "./change-item.ts";
import { deleteLibrary, expectLibrary, putLibrary } from "./change-library.ts";
import { keepPartials, takeKeptPartial } from "./kept-partials.ts";
import { advancePartial, expectFence, putPartial } from "./change-partial.ts";
import { expectRevision, putRevision } from "./change-revision.ts";
import { deleteSecret, putSecret } from "./change-secret.ts";
import { deleteSessionFile, putSessionFile } from "./change-session-file.ts";
import { deleteSubscription, putSubscription } from "./change-subscription.ts";
import { deleteToken, putToken } from "./change-token.ts";
import {
  createSession,
  deleteSession,
  expectSession,
  extendSession,
  lapsePins,
  putSession,
  putSessionPackage,
} from "./change-update-session.ts";
import { spendPins } from "./pins.ts";
import type { Transaction } from "./transaction.ts";

const UNCONDITIONAL = null;

type CallerChange = Extract<
  Change,
  { readonly kind: `${"account" | "login" | "logins" | "token" | "client-token"}.${string}` }
>;

/** What is about callers. */
const applyCallerChange = (transaction: Transaction, change: CallerChange): ClashReason | null => {
  switch (change.kind) {
    case "client-token.put":
      return putClientToken(transaction, change.key, change.resultId, change.at);
    case "account.put":
      return putAccount(transaction, change.account, change.rev);
    case "account.delete":
      return deleteAccount(transaction, change.id, change.rev);
    case "login.put":
      return putLogin(transaction, change.login);
    case "login.touch":
      touchLogin(transaction, change.idHash, change.lastAccessedAt);
      return UNCONDITIONAL;
    case "login.delete":
      deleteLogin(transaction, change.idHash);
      return UNCONDITIONAL;
    case "logins.delete":
      deleteLogins(transaction, change.of);
      return UNCONDITIONAL;
    case "token.put":
      return putToken(transaction, change.token);
    case "token.delete":
      return deleteToken(transaction, change.id);
  }
};

type RightsChange = Extract<
  Change,
  { readonly kind: `${"group" | "grant" | "administrator"}.${string}` }
>;

/** What is about what callers may do. */
const applyRightsChange = (transaction: Transaction, change: RightsChange): ClashReason | null => {
  switch (change.kind) {
    case "group.put":
      return putGroup(transaction, change.group, change.rev);
    case "group.delete":
      return deleteGroup(transaction, change.id, change.rev);
    case "grant.put":
      return putGrant(transaction, change.grant);
    case "grant.delete":
      return deleteGrant(transaction, change.id);
    case "administrator.expect":
      return expectAdministrator(transaction);
  }
};

type ServiceChange = Extract<
  Change,
  { readonly kind: `${"subscription" | "certificate" | "secret" | "configuration"}.${string}` }
>;

/** What is about the service as a whole and its subscribers. */
const applyServiceChange = (
  transaction: Transaction,
  change: ServiceChange,
): ClashReason | null => {
  switch (change.kind) {
    case "subscription.put":
      return putSubscription(transaction, change.subscription, change.rev);
    case "subscription.delete":
      return deleteSubscription(transaction, change.id, change.rev);
    case "certificate.put":
      putCertificate(transaction, change.certificate);
      return UNCONDITIONAL;
    case "certificate.delete":
      return deleteCertificate(transaction, change.id);
    case "secret.put":
      putSecret(transaction, change.secret);
      return UNCONDITIONAL;
    case "secret.delete":
      return deleteSecret(transaction, change.name);
    case "configuration.put":
      return putConfiguration(transaction, change.configuration, change.rev);
  }
};

type PartialChange = Extract<
  Change,
  { readonly kind: `${"partial" | "partials" | "kept-partial"}.${string}` }
>;

/** What is about bytes on their way in. */
const applyPartialChange = (
  transaction: Transaction,
  change: PartialChange,
): ClashReason | null => {
  switch (change.kind) {
    case "partial.put":
      return putPartial(transaction, change.partial);
    case "partial.advance":
      advancePartial(transaction, change.entry, change);
      return UNCONDITIONAL;
    case "partial.expect":
      return expectFence(transaction, change.entry, change.fence);
    case "partials.keep":
      keepPartials(transaction, change.sessionId, change.at);
      return UNCONDITIONAL;
    case "kept-partial.take":
      return takeKeptPartial(transaction, change.stagedId);
  }
};

type SessionChange = Extract<Change, { readonly kind: `session.${string}` }>;

/** What is about an update session, but for its files. */
const applySessionChange = (
  transaction: Transaction,
  change: SessionChange,
): ClashReason | null => {
  switch (change.kind) {
    case "session.create":
      return createSession(transaction, change.session, change.files);
    case "session.put":
      return putSession(transaction, change.session, {
        rev: change.rev,
        filesRev: change.filesRev,
      });
    case "session.expect":
      return expectSession(transaction, change.id, change.rev);
    case "session.extend":
      extendSession(transaction, change.id, change.expiresAt);
      return UNCONDITIONAL;
    case "session.package":
      return putSessionPackage(transaction, change);
    case "session.delete":
      return deleteSession(transaction, change.id, change.rev);
  }
};

const applyChange = (transaction: Transaction, change: Change): ClashReason | null => {
  switch (change.kind) {
    case "library.put":
      return putLibrary(transaction, change.library, change.rev);
    case "library.delete":
      return deleteLibrary(transaction, change.id, change.rev);
    case "library.expect":
      return expectLibrary(transaction, change.id, change.rev);
    case "item.put":
      return putItem(transaction, change.item, change.rev);
    case "item.delete":
      return deleteItem(transaction, change);
    case "item.expect":
      return expectItem(transaction, change.id, change.rev);
    case "item.expect-idle":
      return expectIdleItem(transaction, change.id);
    case "revision.put":
      return putRevision(transaction, change.revision, change.kept);
    case "revision.expect":
      return expectRevision(transaction, change.itemId, change.contentVersion);
    case "session.create":
    case "session.put":
    case "session.expect":
    case "session.extend":
    case "session.package":
    case "session.delete":
      return applySessionChange(transaction, change);
    case "session-file.put":
      return putSessionFile(transaction, change.sessionId, change.file, change.rev);
    case "session-file.delete":
      return deleteSessionFile(transaction, change.sessionId, change.name, change.rev);
    case "download.put":
      return putDownload(transaction, change.session, change.rev);
    case "download.extend":
      extendDownload(transaction, change.id, change.expiresAt);
      return UNCONDITIONAL;
    case "download.delete":
      return deleteDownload(transaction, change.id, change.rev);
    case "pins.spend":
      return spendPins(transaction, change.holder, change.digests);
    case "partial.put":
    case "partial.advance":
    case "partial.expect":
    case "partials.keep":
    case "kept-partial.take":
      return applyPartialChange(transaction, change);
    case "subscription.put":
    case "subscription.delete":
    case "certificate.put":
    case "certificate.delete":
    case "secret.put":
    case "secret.delete":
    case "configuration.put":
      return applyServiceChange(transaction, change);
    case "audit.put":
      putAudit(transaction, change);
      return UNCONDITIONAL;
    case "group.put":
    case "group.delete":
    case "grant.put":
    case "grant.delete":
    case "administrator.expect":
      return applyRightsChange(transaction, change);
    default:
      return applyCallerChange(transaction, change);
  }
};

/** Applies the changes one after the other; stops at the first clash, and the caller then undoes what was written. */
export const applyChanges = (transaction: Transaction, changes: ChangeSet): ClashReason | null => {
  for (const change of changes) {
    const clash = applyChange(transaction, change);
    if (clash !== null) return clash;
  }
  lapsePins(transaction);
  return null;
};
