import { stripVTControlCharacters, styleText } from "node:util";
import type { FailureReport } from "./failure.ts";
import type { OutputStream, Streams } from "./streams.ts";

/** What a command prints: its result on standard output, and everything else on standard error. */
export interface Output {
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  /** The one result of a command: as JSON, or as the lines that say the same. */
  result(value: object, lines: readonly string[]): void;
  /** One of many results that come one after the other: as a line of JSON, or as the lines that say the same. */
  entry(value: object, lines: readonly string[]): void;
  /** A remark for people; left out with `--json`. */
  note(line: string): void;
  failure(report: FailureReport): void;
  style(format: Style, text: string): string;
}

/** How a piece of text is set off, where the terminal can. */
export type Style = "bold" | "dim" | "green" | "red" | "yellow";

/** The output of one command. Colours only on a terminal, and never under NO_COLOR. */
export function makeOutput(
  { stdout, stderr }: Streams,
  options: { readonly isJson: boolean; readonly isVerbose: boolean; readonly hasColor: boolean },
): Output {
  const { isJson, isVerbose } = options;
  const styled = (stream: OutputStream) => (format: Style, text: string) =>
    options.hasColor && stream.isTTY ? styleText(format, text, { validateStream: false }) : text;
  const onError = styled(stderr);
  const shown = options.hasColor && stdout.isTTY ? printableBesideColours : printable;
  return {
    isJson,
    isVerbose,
    style: styled(stdout),
    result(value, lines) {
      stdout.write(
        isJson ? `${printableJson(value, 2)}\n` : lines.map((line) => `${shown(line)}\n`).join(""),
      );
    },
    entry(value, lines) {
      stdout.write(
        isJson ? `${printableJson(value)}\n` : lines.map((line) => `${shown(line)}\n`).join(""),
      );
    },
    note(line) {
      if (!isJson) stderr.write(`${printable(line)}\n`);
    },
    failure(report) {
      if (isJson) stderr.write(`${printableJson({ error: report })}\n`);
      else stderr.write(failureText(report, isVerbose, onError));
    },
  };
}

function failureText(
  { message, hint, requestId }: FailureReport,
  isVerbose: boolean,
  style: (format: Style, text: string) => string,
): string {
  const lines = [`${style("red", "contentlib:")} ${printable(message)}`];
  if (hint !== undefined) lines.push(`  ${printable(hint)}`);
  if (isVerbose && requestId !== undefined)
    lines.push(style("dim", `  request ${printable(requestId)}`));
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * What steers a terminal, or shows text in another order than it has: control characters, line ends of Unicode, and the characters
 * that turn the direction of writing.
 */
export const STEERING =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** What others wrote must not steer the terminal: what could do so, line ends aside, becomes visible. */
const printable = (text: string): string => text.replaceAll(STEERING, "\ufffd");

/** The same for a text that is to stay one line whatever it holds. */
export const oneLine = (text: string): string => printable(text.replaceAll("\n", "\ufffd"));

/** JSON that steers no terminal, and is the same to whoever parses it. */
const printableJson = (value: object, indent = 0): string =>
  JSON.stringify(value, null, indent).replaceAll(
    STEERING,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The same where we colour text ourselves: a colour is all that a stranger's text can steer then. */
const printableBesideColours = (text: string): string =>
  text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join("");

/** A colour or weight of `styleText`; the group keeps it when a text is split by it. */
// oxlint-disable-next-line no-control-regex -- the escape that begins a colour is what it looks for
const COLOUR = /(\u001b\[(?:1|2|22|31|32|33|39)m)/;

/** Columns padded to their widest cell; the last one is left ragged. No cell makes a line of its own, whoever wrote it. */
export function tableLines(table: readonly (readonly string[])[]): readonly string[] {
  const rows = table.map((row) => row.map((cell) => cell.replaceAll(/\s*[\r\n]\s*/g, " ↵ ")));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))));
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** Columns that a text takes on a terminal: two for the wide characters of East Asia and for pictures, none for marks. */
export const widthOf = (cell: string): number =>
  [...stripVTControlCharacters(cell)].reduce(
    (width, character) => width + (MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1),
    0,
  );

const MARK = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\p{Emoji_Presentation}\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** A size in bytes for people: three digits and a decimal unit. */
export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1_000) return `${sizeBytes} B`;
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let value = sizeBytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value.toFixed(value < 100 ? 1 : 0)} ${units[unit]}`;
}

/** A time span in milliseconds for people. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** A count with its noun. */
export const countOf = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** A name as it can be pasted into a shell. */
export const shellWord = (name: string): string =>
  /^[\w./:@%+=,-]+$/.test(name) && !name.startsWith("-")
    ? name
    : `'${name.replaceAll("'", `'\\''`)}'`;

/** A name as the argument of a command that takes names: one that begins with a dash is no option. */
export const nameWord = (name: string): string =>
  name.startsWith("-") ? `-- ${shellWord(name)}` : shellWord(name);
