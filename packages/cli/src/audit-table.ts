import type { AuditEntry, AuditObject } from "@contentlib/client";
import { shortTime } from "./access-tables.ts";
import { tableLines } from "./output.ts";

const HEAD = ["TIME", "WHO", "FROM", "OPERATION", "ON", "NOTE"];

/** Least widths of the columns, where rows are printed one by one and the longest is not known. */
const LEAST_WIDTHS = [20, 28, 15, 26, 32];

const whoOf = ({ actor, user, operation, token_id, token_name }: AuditEntry): string => {
  if (actor === "SERVER") return operation.startsWith("server") ? "server" : "data directory";
  const name = user?.replace(/@vsphere\.local$/, "") ?? "-";
  if (token_id === undefined) return name;
  return `${name} by token ${token_name ?? token_id}`;
};

const nameOf = ({ name, id }: AuditObject): string => name ?? id;

const toldObject = (object: AuditObject): string =>
  object.kind === "CONFIGURATION"
    ? "configuration"
    : `${object.kind.toLowerCase().replaceAll("_", " ")} ${nameOf(object)}`;

const isSession = ({ kind }: AuditObject): boolean =>
  kind === "UPDATE_SESSION" || kind === "DOWNLOAD_SESSION";

/** What was changed or asked for; a session is known by its item, which says more than its id. */
const onOf = (objects: readonly AuditObject[]): string => {
  const libraries = objects.filter(({ kind }) => kind === "LIBRARY");
  const items = objects.filter(({ kind }) => kind === "ITEM");
  const [library] = libraries;
  const [item] = items;
  const isPlace = libraries.length === 1 && items.length === 1;
  const place =
    isPlace && library !== undefined && item !== undefined
      ? [`${nameOf(library)}/${nameOf(item)}`]
      : [...items, ...libraries].map(toldObject);
  const others = objects.filter(
    (object) =>
      object.kind !== "LIBRARY" &&
      object.kind !== "ITEM" &&
      !(isSession(object) && items.length > 0),
  );
  return [...others.map(toldObject), ...place].join(", ") || "-";
};

const NOTES: Readonly<Record<AuditEntry["event"], string>> = {
  CHANGE: "",
  LOGIN: "",
  LOGIN_REFUSED: "refused",
  DENIED: "denied",
};

const noteOf = ({ event, reason, count, first_time }: AuditEntry): string => {
  const why = [NOTES[event], reason ?? ""].filter((part) => part !== "").join(": ");
  const often = count > 1 ? `${count} times since ${shortTime(first_time)}` : "";
  return [often, why].filter((part) => part !== "").join("; ");
};

const rowOf = (entry: AuditEntry): readonly string[] => [
  shortTime(entry.last_time),
  whoOf(entry),
  entry.address ?? "-",
  entry.operation,
  onOf(entry.objects),
  noteOf(entry),
];

/** Entries as a table. */
export const auditTable = (entries: readonly AuditEntry[]): readonly string[] =>
  tableLines([HEAD, ...entries.map(rowOf)]);

/** One row of a table that has no end; without an entry its head. */
export const auditLine = (entry: AuditEntry | null): readonly string[] =>
  tableLines([
    (entry === null ? HEAD : rowOf(entry)).map((cell, column) =>
      cell.padEnd(LEAST_WIDTHS[column] ?? 0),
    ),
  ]);
