import type { Change, ChangeSet, Deed } from "../../ports/index.ts";
import type { ToldObject } from "./told-object.ts";
import { CONFIGURATION, keyOf, kindOfOperation } from "./told-object.ts";

/** What only keeps a session from ending: called all the time, and no change of anything. */
const KEEPING_ALIVE: ReadonlySet<string> = new Set([
  "updateSession.keepAlive",
  "downloadSession.keepAlive",
]);

/** Whether a session that stays ACTIVE was changed by somebody. The server only moves its end, or counts what was read of it. */
const isChangeOfActive = ({ doer, operation }: Deed): boolean =>
  doer.kind === "user" && !KEEPING_ALIVE.has(operation);

const NOTHING: readonly ToldObject[] = [];

/** A change of who is let in, and of who may do what. */
type AccessChange = Extract<
  Change,
  { readonly kind: `${"account" | "token" | "group" | "grant" | "logins"}.${string}` }
>;

const toldOfAccess = (change: AccessChange): readonly ToldObject[] => {
  switch (change.kind) {
    case "account.put":
      return [{ kind: "user", id: change.account.id }];
    case "account.delete":
      return [{ kind: "user", id: change.id }];
    case "logins.delete":
      return "accountId" in change.of
        ? [{ kind: "user", id: change.of.accountId }]
        : [{ kind: "token", id: change.of.tokenId }];
    case "token.put":
      return [{ kind: "token", id: change.token.id }];
    case "token.delete":
      return [{ kind: "token", id: change.id }];
    case "group.put":
      return [{ kind: "group", id: change.group.id }];
    case "group.delete":
      return [{ kind: "group", id: change.id }];
    case "grant.put":
      return [{ kind: "grant", id: change.grant.id, grant: change.grant }];
    case "grant.delete":
      return [{ kind: "grant", id: change.id }];
  }
};

/** A change of a session or of its files. */
type SessionChange = Extract<
  Change,
  {
    readonly kind:
      | `session.${"create" | "put" | "delete"}`
      | `session-file.${string}`
      | `download.${"put" | "delete"}`;
  }
>;

const toldOfSession = (change: SessionChange, deed: Deed): readonly ToldObject[] => {
  switch (change.kind) {
    case "session.create":
    case "session.put": {
      const { id, itemId, state } = change.session;
      const isTold =
        change.kind === "session.create" || state !== "ACTIVE" || isChangeOfActive(deed);
      return isTold ? [{ kind: "update-session", id, itemId }] : NOTHING;
    }
    case "session.delete":
      return [{ kind: "update-session", id: change.id }];
    case "session-file.put":
      return [{ kind: "file", id: change.file.name, sessionId: change.sessionId }];
    case "session-file.delete":
      return [{ kind: "file", id: change.name, sessionId: change.sessionId }];
    case "download.put": {
      const { id, itemId, state } = change.session;
      const isTold = change.rev === null || state !== "ACTIVE" || isChangeOfActive(deed);
      return isTold ? [{ kind: "download-session", id, itemId }] : NOTHING;
    }
    case "download.delete":
      return [{ kind: "download-session", id: change.id }];
  }
};

/** What one change was done to, as far as it is a change of somebody's. Total: a new kind of change does not compile without. */
const toldOf = (change: Change, deed: Deed): readonly ToldObject[] => {
  switch (change.kind) {
    case "library.put":
      return [{ kind: "library", id: change.library.id }];
    case "library.delete":
      return [{ kind: "library", id: change.id }];
    case "item.put":
      return [{ kind: "item", id: change.item.id }];
    case "item.delete":
      return [{ kind: "item", id: change.id }];
    case "session.create":
    case "session.put":
    case "session.delete":
    case "session-file.put":
    case "session-file.delete":
    case "download.put":
    case "download.delete":
      return toldOfSession(change, deed);
    case "subscription.put": {
      const { id, libraryId } = change.subscription;
      return [{ kind: "subscription", id, libraryId }];
    }
    case "subscription.delete":
      return [{ kind: "subscription", id: change.id }];
    case "certificate.put":
      return [{ kind: "trusted-certificate", id: change.certificate.id }];
    case "certificate.delete":
      return [{ kind: "trusted-certificate", id: change.id }];
    case "secret.put":
      return [{ kind: "secret", id: change.secret.name }];
    case "secret.delete":
      return [{ kind: "secret", id: change.name }];
    case "configuration.put":
      return [CONFIGURATION];
    case "account.put":
    case "account.delete":
    case "logins.delete":
    case "token.put":
    case "token.delete":
    case "group.put":
    case "group.delete":
    case "grant.put":
    case "grant.delete":
      return toldOfAccess(change);
    // A login tells who came, which the deed says; the others are expectations, and what the server keeps for itself.
    case "login.put":
    case "login.delete":
    case "login.touch":
    case "library.expect":
    case "item.expect":
    case "item.expect-idle":
    case "administrator.expect":
    case "revision.put":
    case "revision.expect":
    case "session.expect":
    case "session.extend":
    case "session.package":
    case "download.extend":
    case "pins.spend":
    case "client-token.put":
    case "partial.put":
    case "partial.advance":
    case "partial.expect":
    case "partials.keep":
    case "kept-partial.take":
    case "audit.put":
      return NOTHING;
  }
};

/** What a change set was done to, each once: first what the operation is about, then the others in the order of the changes. */
export const toldChanges = (changes: ChangeSet, deed: Deed): readonly ToldObject[] => {
  const told = new Map<string, ToldObject>();
  for (const change of changes)
    for (const object of toldOf(change, deed)) {
      const key = keyOf(object);
      if (!told.has(key)) told.set(key, object);
    }
  const kind = kindOfOperation(deed.operation);
  const objects = [...told.values()];
  return [
    ...objects.filter((object) => object.kind === kind),
    ...objects.filter((object) => object.kind !== kind),
  ];
};

/** Whether the set begins or ends a login, which is no change of anything. */
export const isLogin = (changes: ChangeSet): boolean =>
  changes.some(({ kind }) => kind === "login.put" || kind === "login.delete");
