// The table of conformance: which line of the checklist is shown by which tests, and whether these passed.
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CHECKLIST, type ChecklistLine } from "./checklist.ts";
import { root } from "./command.ts";

/** How a test ended; the last run of its script counts. */
export type TestEnd = "passed" | "failed" | "skipped";

/** What a run of the tests leaves for the table: how each test that names a line ended. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly end: TestEnd;
}

const DOCUMENT = "docs/protocol/conformance.md";
const TEST_FILES = ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"];
const resultsFile = join(root, "node_modules", ".cache", "contentlib", "conformance.json");

/** The numbers of lines that a test's name carries: `[C7]`, `[C7, C8]`. */
export const linesNamedIn = (name: string): readonly number[] =>
  [...name.matchAll(/\[(C\d+(?:, C\d+)*)\]/g)].flatMap(([, list = ""]) =>
    list.split(", ").map((line) => Number(line.slice(1))),
  );

/** The test files in whose text each line is named, by its number. */
export function findShownLines(): ReadonlyMap<number, readonly string[]> {
  const files = globSync(TEST_FILES, { cwd: root, exclude: ["**/node_modules/**"] }).toSorted();
  const shown = new Map<number, string[]>();
  for (const file of files) {
    for (const line of new Set(linesNamedIn(readFileSync(join(root, file), "utf8"))))
      shown.set(line, [...(shown.get(line) ?? []), file]);
  }
  return shown;
}

/** What is wrong with the checklist and the tests that name its lines; empty when both agree. */
export const findDisagreements = (
  checklist: readonly ChecklistLine[],
  shown: ReadonlyMap<number, readonly string[]>,
): readonly string[] => [
  ...checklist.flatMap(({ notYet }, index) => {
    const line = index + 1;
    const isShown = shown.has(line);
    if (notYet !== undefined && isShown)
      return [`line ${line} is not done yet, and a test names it`];
    return notYet === undefined && !isShown ? [`no test names line ${line}`] : [];
  }),
  ...[...shown.keys()]
    .filter((line) => checklist[line - 1] === undefined)
    .map((line) => `a test names line ${line}, which the checklist does not have`),
];

const STATES = ["passed", "in part", "not yet"] as const;

const stateOf = ({ except, notYet }: ChecklistLine): (typeof STATES)[number] => {
  if (notYet !== undefined) return "not yet";
  return except === undefined ? "passed" : "in part";
};

/** The state, with its reason where it is no good one. */
const toldState = (entry: ChecklistLine): string => {
  const reason = entry.notYet ?? entry.except;
  return reason === undefined ? stateOf(entry) : `**${stateOf(entry)}**: ${reason}`;
};

const cell = (text: string): string => text.replaceAll("|", "\\|");

const rowOf = (line: number, entry: ChecklistLine, files: readonly string[]): string => {
  const links = files.map((file) => `[${basename(file, ".test.ts")}](../../${file})`);
  return `| ${[`${line}`, cell(entry.sentence), cell(toldState(entry)), links.join(", ")].join(" | ")} |\n`;
};

/** How many lines of each group are in each state. */
function summaryTable(checklist: readonly ChecklistLine[]): string {
  const rows = [...Map.groupBy(checklist, ({ group }) => group)].map(([name, entries]) => {
    const counts = STATES.map(
      (state) => entries.filter((entry) => stateOf(entry) === state).length,
    );
    const anchor = name.toLowerCase().replaceAll(" ", "-");
    return `| ${[`[${name}](#${anchor})`, ...counts].join(" | ")} |\n`;
  });
  const head = `| group | ${STATES.join(" | ")} |\n| --- | ${STATES.map(() => "--:").join(" | ")} |\n`;
  return head + rows.join("");
}

const tableOf = (name: string, rows: readonly string[]): string =>
  `\n## ${name}\n\n| line | what | state | shown by |\n| --- | --- | --- | --- |\n${rows.join("")}`;

/** The document, from the checklist and the names of the tests; whether these pass is checked where they run. */
export function conformanceDocument(): { readonly path: string; readonly text: string } {
  const shown = findShownLines();
  const rows = CHECKLIST.map((entry, index) => ({
    name: entry.group,
    row: rowOf(index + 1, entry, shown.get(index + 1) ?? []),
  }));
  const groups = Map.groupBy(rows, ({ name }) => name);
  const count = (state: (typeof STATES)[number]): number =>
    CHECKLIST.filter((entry) => stateOf(entry) === state).length;
  const text = `# Conformance

What clients of the Content Library API rely on, line by line, and the tests that show it. \`npm run generate\` writes this page
from the checklist and from the names of the tests, which carry the numbers of their lines, as \`[C7]\`. \`.ci/run\` fails when a
test of a line fails, or when none of a line ran; where a tool can not be had, its tests are skipped and the run says so.

${count("passed") + count("in part")} of the ${CHECKLIST.length} lines are shown by tests, ${count("in part")} of them in part: what is missing is told there. Each other line
tells why it is not there yet.

${summaryTable(CHECKLIST)}${[...groups]
    .map(([name, entries]) =>
      tableOf(
        name,
        entries.map(({ row }) => row),
      ),
    )
    .join("")}`;
  return { path: DOCUMENT, text };
}

/** Forgets what earlier runs left. */
export function clearResults(): void {
  mkdirSync(dirname(resultsFile), { recursive: true });
  writeFileSync(resultsFile, "[]");
}

/** The results with those of a new run, which take the place of what the same files left before. */
export const mergeResults = (
  before: readonly TestResult[],
  results: readonly TestResult[],
): readonly TestResult[] => {
  const files = new Set(results.map(({ file }) => file));
  return [
    ...before.filter(({ file }) => !files.has(file)),
    ...results.filter(({ name }) => linesNamedIn(name).length > 0),
  ];
};

/** Adds how the tests that name lines ended. */
export function keepResults(results: readonly TestResult[]): void {
  mkdirSync(dirname(resultsFile), { recursive: true });
  writeFileSync(resultsFile, JSON.stringify(mergeResults(readResults(), results)));
}

export function readResults(): readonly TestResult[] {
  try {
    return JSON.parse(readFileSync(resultsFile, "utf8")) as readonly TestResult[];
  } catch {
    return [];
  }
}

/** The lines called passed that the tests just run do not bear out, each with what is wrong. */
export function findUnproven(
  checklist: readonly ChecklistLine[],
  results: readonly TestResult[],
): { readonly failed: readonly string[]; readonly unseen: readonly string[] } {
  const byLine = new Map<number, TestEnd[]>();
  for (const { name, end } of results) {
    for (const line of linesNamedIn(name)) byLine.set(line, [...(byLine.get(line) ?? []), end]);
  }
  const failed: string[] = [];
  const unseen: string[] = [];
  for (const [index, { notYet }] of checklist.entries()) {
    const ends = byLine.get(index + 1) ?? [];
    if (notYet !== undefined) continue;
    if (ends.includes("failed")) failed.push(`a test of line ${index + 1} failed`);
    else if (ends.length === 0) failed.push(`no test of line ${index + 1} ran`);
    else if (!ends.includes("passed")) unseen.push(`line ${index + 1}: its tests were skipped`);
  }
  return { failed, unseen };
}
