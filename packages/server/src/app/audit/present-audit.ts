import type { AuditEntry, AuditObject, AuditPage } from "@contentlib/contract";
import type { AuditObjectKindName } from "@contentlib/contract/vocabulary";
import type * as domain from "../../domain/audit-entry.ts";
import { presentTime } from "../present.ts";

const KIND_NAMES: Readonly<Record<domain.AuditObjectKind, AuditObjectKindName>> = {
  library: "LIBRARY",
  item: "ITEM",
  "update-session": "UPDATE_SESSION",
  "download-session": "DOWNLOAD_SESSION",
  file: "FILE",
  subscription: "SUBSCRIPTION",
  "trusted-certificate": "TRUSTED_CERTIFICATE",
  secret: "SECRET",
  configuration: "CONFIGURATION",
  user: "USER",
  group: "GROUP",
  token: "TOKEN",
  grant: "GRANT",
};

const presentObject = ({ kind, id, name, relation }: domain.AuditObject): AuditObject => ({
  kind: KIND_NAMES[kind],
  id,
  ...(name === undefined ? {} : { name }),
  ...(relation === undefined ? {} : { relation }),
});

type ActorMembers = Pick<AuditEntry, "actor" | "user" | "user_id" | "token_id" | "token_name">;

const presentActor = (actor: domain.AuditActor): ActorMembers => {
  switch (actor.kind) {
    case "server":
      return { actor: "SERVER" };
    // A token may come without a name.
    case "unknown":
      return { actor: "UNKNOWN", ...(actor.userName === "" ? {} : { user: actor.userName }) };
    case "user": {
      const { accountId, userName, token } = actor;
      return {
        actor: "USER",
        user: userName,
        user_id: accountId,
        ...(token === undefined ? {} : { token_id: token.id }),
        // The token was gone before anybody asked for its name.
        ...(token === undefined || token.label === "" ? {} : { token_name: token.label }),
      };
    }
  }
};

const presentEntry = (row: domain.AuditRow): AuditEntry => ({
  id: String(row.id),
  event: row.event,
  operation: row.operation,
  ...presentActor(row.actor),
  ...(row.address === undefined ? {} : { address: row.address }),
  ...(row.requestId === undefined ? {} : { request_id: row.requestId }),
  objects: row.objects.map(presentObject),
  ...(row.changed === undefined ? {} : { changed: [...row.changed] }),
  ...(row.reason === undefined ? {} : { reason: row.reason }),
  first_time: presentTime(row.at),
  last_time: presentTime(row.lastAt),
  count: row.count,
});

/** A part of the trail as the API shows it. */
export const presentPage = ({ rows, next }: domain.AuditPage): AuditPage => ({
  entries: rows.map(presentEntry),
  ...(next === null ? {} : { next: String(next) }),
});
