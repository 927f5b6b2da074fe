import type { Change, ChangeSet, ClashReason } from "../../../ports/catalog.ts";
import {
  deleteLogin,
  deleteToken,
  putAccount,
  putClientToken,
  putLogin,
  putToken,
  touchLogin,
} from "./change-access.ts";
import { deleteDownload, extendDownload, putDownload } from "./change-download.ts";
import { deleteItem, putItem } from "./change-item.ts";
import { deleteLibrary, putLibrary } from "./change-library.ts";
import { deleteSessionFile, putSessionFile } from "./change-session-file.ts";
import {
  createSession,
  deleteSession,
  extendSession,
  lapsePins,
  putSession,
} from "./change-update-session.ts";
import { spendPins } from "./pins.ts";
import type { Transaction } from "./transaction.ts";

const UNCONDITIONAL = null;

const applyChange = (transaction: Transaction, change: Change): ClashReason | null => {
  switch (change.kind) {
    case "library.put":
      return putLibrary(transaction, change.library, change.rev);
    case "library.delete":
      return deleteLibrary(transaction, change.id, change.rev);
    case "item.put":
      return putItem(transaction, change.item, change.rev);
    case "item.delete":
      return deleteItem(transaction, change.id, change.rev);
    case "session.create":
      return createSession(transaction, change.session, change.files);
    case "session.put":
      return putSession(transaction, change.session, {
        rev: change.rev,
        filesRev: change.filesRev,
      });
    case "session.extend":
      extendSession(transaction, change.id, change.expiresAt);
      return UNCONDITIONAL;
    case "session.delete":
      return deleteSession(transaction, change.id, change.rev);
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
    case "client-token.put":
      return putClientToken(transaction, change.key, change.resultId, change.at);
    case "account.put":
      return putAccount(transaction, change.account, change.rev);
    case "login.put":
      putLogin(transaction, change.login);
      return UNCONDITIONAL;
    case "login.touch":
      touchLogin(transaction, change.idHash, change.lastAccessedAt);
      return UNCONDITIONAL;
    case "login.delete":
      deleteLogin(transaction, change.idHash);
      return UNCONDITIONAL;
    case "token.put":
      putToken(transaction, change.token);
      return UNCONDITIONAL;
    case "token.delete":
      deleteToken(transaction, change.hash);
      return UNCONDITIONAL;
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
