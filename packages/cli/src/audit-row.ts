import type { AuditEntry, AuditObject } from "@contentlib/client";
import { shortTime } from "./access-tables.ts";

/** An entry of the trail in the words of its table. */
export interface AuditRow {
  readonly time: string;
  readonly who: string;
  readonly from: string;
  readonly operation: string;
  readonly on: string;
  readonly note: string;
}

/** Stands where there is nothing to tell. */
export const NOTHING = "-";

/** The row of an entry. */
export const rowOf = (entry: AuditEntry): AuditRow => ({
  time: shortTime(entry.first_time),
  who: whoOf(entry),
  from: entry.address ?? NOTHING,
  operation: entry.operation,
  on: onOf(entry),
  note: noteOf(entry),
});

const whoOf = ({ actor, user, operation, token_id, token_name }: AuditEntry): string => {
  if (actor === "SERVER") return operation.startsWith("server.") ? "server" : "data directory";
  const name = user?.replace(/@vsphere\.local$/, "") ?? NOTHING;
  return token_id === undefined ? name : `${name} (${token_name ?? token_id})`;
};

const nameOf = ({ name, id }: AuditObject): string => name ?? id;

const isSession = ({ kind }: AuditObject): boolean =>
  kind === "UPDATE_SESSION" || kind === "DOWNLOAD_SESSION";

const one = (
  objects: readonly AuditObject[],
  kind: AuditObject["kind"],
): AuditObject | undefined => {
  const found = objects.filter((object) => object.kind === kind);
  return found.length === 1 ? found[0] : undefined;
};

/** Operations whose names say already that it is a session of what is named. */
const OF_SESSIONS = /^(?:update|download)Session\./;

/** What was changed or asked for, and that in the words one would use: a session is that of its item, a token that of its user. */
function onOf({ operation, objects }: AuditEntry): string {
  const place = placeOf(objects);
  const [first] = objects;
  if (first?.kind === "FILE" && place.text !== "") return `${nameOf(first)} of ${place.text}`;
  const others = objects.filter((object) => !place.objects.includes(object));
  const owner = one(others, "USER");
  const token = one(others, "TOKEN");
  const isOwned = owner !== undefined && token !== undefined && others[0] === token;
  const named = isOwned ? others.filter((object) => object !== owner) : others;
  const told = named.map((object) => {
    if (object === token && isOwned) return `${toldObject(object)} of ${nameOf(owner)}`;
    if (isSession(object) && place.text !== "")
      return OF_SESSIONS.test(operation) ? place.text : `session of ${place.text}`;
    return toldObject(object);
  });
  const isTold = told.some((text) => text === place.text || text.endsWith(` of ${place.text}`));
  return [...told, ...(place.text === "" || isTold ? [] : [place.text])].join(", ") || NOTHING;
}

/** `library/item` where both are there once, or whichever of them is alone. */
function placeOf(objects: readonly AuditObject[]): {
  readonly text: string;
  readonly objects: readonly AuditObject[];
} {
  const inner = objects.filter(({ kind }) => kind === "LIBRARY" || kind === "ITEM");
  const library = one(inner, "LIBRARY");
  const item = one(inner, "ITEM");
  if (library !== undefined && item !== undefined && inner.length === 2)
    return { text: `${nameOf(library)}/${nameOf(item)}`, objects: inner };
  if (library !== undefined && inner.length === 1) return { text: nameOf(library), objects: inner };
  return { text: "", objects: [] };
}

const LABELS: Readonly<Partial<Record<AuditObject["kind"], string>>> = {
  UPDATE_SESSION: "session",
  DOWNLOAD_SESSION: "session",
  TRUSTED_CERTIFICATE: "certificate",
  SECRET: "secret",
};

function toldObject(object: AuditObject): string {
  if (object.kind === "CONFIGURATION") return "configuration";
  const label = LABELS[object.kind] ?? spoken(object.kind);
  const name = object.kind === "GRANT" ? nameOf(object).toLowerCase() : nameOf(object);
  const relation = object.relation === undefined ? "" : ` ${spoken(object.relation)}`;
  return `${label} ${name}${relation}`;
}

/** The right that was lacking, of the sentence that also says who can give it. */
const LACKING = /^(\S+) on (?:the )?(?:library |item )?(.+?) is needed\b/;

const REFUSED: Readonly<Partial<Record<AuditEntry["event"], string>>> = {
  LOGIN_REFUSED: "refused",
  DENIED: "denied",
};

function whyOf({ event, reason }: AuditEntry): string {
  const [, right, place] = LACKING.exec(reason ?? "") ?? [];
  if (event === "DENIED" && right !== undefined) return `needs ${right} on ${place}`;
  return [REFUSED[event] ?? "", reason ?? ""].filter((part) => part !== "").join(": ");
}

/** What came of an object, said of it without a verb; the other words name what was changed. */
const OUTCOMES: ReadonlySet<string> = new Set([
  "enabled",
  "disabled",
  "published",
  "unpublished",
  "completed",
  "canceled",
  "failed",
  "expired",
]);

const changeOf = ({ changed: told = [], objects }: AuditEntry): string => {
  const isNamed = objects.some(({ relation }) => relation !== undefined);
  // Who joined or left says it already.
  const changed = told.filter((word) => !(isNamed && word === "members"));
  const outcomes = changed.filter((word) => OUTCOMES.has(word));
  const parts = changed.filter((word) => !OUTCOMES.has(word));
  const what = parts.length === 0 ? [] : [`changed ${parts.map(spoken).join(", ")}`];
  return [...what, ...outcomes].join(", ");
};

const spoken = (word: string): string => word.toLowerCase().replaceAll("_", " ");

function noteOf(entry: AuditEntry): string {
  const { count, first_time, last_time } = entry;
  const isSameDay = first_time.slice(0, 10) === last_time.slice(0, 10);
  const last = shortTime(last_time);
  const until = isSameDay ? last.slice(11, 19) : last;
  const often = count > 1 ? `${count} times until ${until}` : "";
  return [whyOf(entry), changeOf(entry), often].filter((part) => part !== "").join("; ");
}
