import type { AuditEntry } from "@contentlib/client";
import type { AuditRow } from "./audit-row.ts";
import { NOTHING, rowOf } from "./audit-row.ts";
import { tableLines, widthOf } from "./output.ts";
import type { OutputStream } from "./streams.ts";

const HEAD: AuditRow = {
  time: "TIME",
  who: "WHO",
  from: "FROM",
  operation: "OPERATION",
  on: "ON",
  note: "NOTE",
};

type Column = keyof AuditRow;

/** Widths between which the table follows that of the terminal, in columns. */
const WIDTH_MIN = 80;
const WIDTH_MAX = 200;
/** From this width on there is room for addresses; --json has them at any. */
const WIDTH_WITH_FROM = 100;

const TIME_WIDTH = 20;
const GAP = "  ";

/** How wide columns may become on a terminal, in parts of its width; operations are never cut. */
const SHARES: Readonly<Partial<Record<Column, number>>> = { who: 0.24, from: 0.2 };

/** Widths of the columns where rows come one by one and the longest is not known yet. */
const USUAL: Readonly<Partial<Record<Column, number>>> = {
  who: 24,
  from: 15,
  operation: 22,
  on: 24,
};

/** How wide a table may be: as the terminal; what is read by programs is not cut at all. */
export const tableWidth = ({ isTTY, columns = WIDTH_MIN }: OutputStream): number =>
  isTTY ? Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, columns)) : Infinity;

/** Entries as a table that is no wider than it may be; a note that does not fit gets a line of its own. */
export function auditTable(entries: readonly AuditEntry[], width: number): readonly string[] {
  const rows = [HEAD, ...entries.map(rowOf)].map(onOneLine);
  if (width === Infinity) return tableLines(rows.map(cellsOf));
  const widths = widthsWithin(width, (column) =>
    Math.max(...rows.map((row) => widthOf(row[column]))),
  );
  return rows.flatMap((row) => fitted(row, widths, width));
}

/** One row of a table that has no end; without an entry its head. */
export function auditLine(entry: AuditEntry | null, width: number): readonly string[] {
  const row = onOneLine(entry === null ? HEAD : rowOf(entry));
  return fitted(
    row,
    widthsWithin(width, (column) => USUAL[column] ?? 0),
    width,
  );
}

const cellsOf = (row: AuditRow): readonly string[] => Object.values(row);

/** No cell makes a line of its own, whoever wrote it. */
const onOneLine = (row: AuditRow): AuditRow =>
  Object.fromEntries(
    Object.entries(row).map(([column, cell]: [string, string]) => [
      column,
      cell.replaceAll(/\s*[\r\n]\s*/g, " ↵ "),
    ]),
  ) as unknown as AuditRow;

/** Widths of the columns before the note. */
type Widths = ReadonlyMap<Column, number>;

function widthsWithin(width: number, wanted: (column: Column) => number): Widths {
  const widths = new Map<Column, number>([["time", TIME_WIDTH]]);
  for (const column of ["who", "from", "operation"] as const) {
    if (column === "from" && width < WIDTH_WITH_FROM) continue;
    const share = Math.floor(width * (SHARES[column] ?? 0.5));
    widths.set(column, Math.min(share, wanted(column)));
  }
  const left = width - [...widths.values()].reduce((sum, one) => sum + one + GAP.length, 0);
  // Half of what is left, so that most notes stay beside it.
  return widths.set("on", Math.max(0, Math.min(Math.floor(left / 2), wanted("on"))));
}

function fitted(row: AuditRow, widths: Widths, width: number): readonly string[] {
  const shown = (column: Column, columnWidth: number): string =>
    width === Infinity || column === "operation" ? row[column] : cut(row[column], columnWidth);
  const head = [...widths]
    .filter(([column]) => column !== "on")
    .map(([column, columnWidth]) => padded(shown(column, columnWidth), columnWidth))
    .join(GAP);
  const line = [head, padded(row.on, widths.get("on") ?? 0), row.note].join(GAP).trimEnd();
  if (widthOf(line) <= width) return [line];
  // Where nothing stands before it, a note may begin where that would.
  if (row.on === NOTHING && widthOf(`${head}${GAP}${row.note}`) <= width)
    return [`${head}${GAP}${row.note}`];
  const indent = " ".repeat(TIME_WIDTH + GAP.length);
  const room = width - indent.length;
  const first = row.on === NOTHING ? head.trimEnd() : `${head}${GAP}${row.on}`;
  if (widthOf(first) <= width) return [first, indent + cut(row.note, room)];
  const rest = [row.on, row.note].filter((part) => part !== "");
  return [head.trimEnd(), ...rest.map((part) => indent + cut(part, room))];
}

const padded = (cell: string, width: number): string =>
  cell + " ".repeat(Math.max(0, width - widthOf(cell)));

/** A text with its middle left out where it is too long: most names tell themselves apart at their ends. */
function cut(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  const kept = width - 1;
  const atEnd = Math.floor(kept / 2);
  return `${letters.slice(0, kept - atEnd).join("")}…${letters.slice(letters.length - atEnd).join("")}`;
}
