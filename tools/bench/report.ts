import { availableParallelism, cpus, totalmem } from "node:os";
import type { Finding, Series } from "./finding.ts";
import { median } from "./statistics.ts";

/** The machine of a run, as far as figures depend on it. */
export interface Machine {
  readonly system: string;
  readonly processors: number;
  readonly processor: string;
  readonly memoryBytes: number;
  readonly node: string;
}

export const describeMachine = (): Machine => ({
  system: `${process.platform} ${process.arch}`,
  processors: availableParallelism(),
  processor: cpus()[0]?.model.trim() ?? "unknown",
  memoryBytes: totalmem(),
  node: process.versions.node,
});

const VERDICTS = new Map([
  [true, "reached"],
  [false, "MISSED"],
  [null, "reported"],
]);

const shown = (value: number): string => {
  if (Number.isNaN(value)) return "-";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
};

const withUnit = (series: Series | undefined): string =>
  series === undefined ? "-" : `${shown(median(series.values))} ${series.unit}`.trimEnd();

const ratioOf = ({ product, baseline }: Finding): string =>
  baseline === undefined ? "-" : shown(median(product.values) / median(baseline.values));

/** One finding as the cells of the table. */
export const cellsOf = (finding: Finding): readonly string[] => [
  finding.measure,
  withUnit(finding.product),
  withUnit(finding.baseline),
  ratioOf(finding),
  finding.reach,
  finding.skipped === undefined ? (VERDICTS.get(finding.passed) ?? "") : "skipped",
];

const HEADINGS = ["measure", "median", "baseline", "ratio", "reach", ""];

const besideLines = ({
  measure,
  baseline,
  beside = [],
  note,
  skipped,
}: Finding): readonly string[] => [
  `${measure}:`,
  ...(baseline === undefined ? [] : [`  baseline: ${baseline.name}`]),
  ...beside.map((series) => `  beside: ${series.name}, ${withUnit(series)}`),
  ...(note === undefined ? [] : [`  ${note}`]),
  ...(skipped === undefined ? [] : [`  skipped: ${skipped}`]),
];

/** The table in Markdown, padded so that it can be read as it is, and what belongs to its lines below it. */
export function formatTable(findings: readonly Finding[]): string {
  const rows = [HEADINGS, ...findings.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  const [head = [], ...body] = rows;
  const table = [line(head), line(rule), ...body.map(line)];
  return [...table, "", ...findings.flatMap(besideLines)].join("\n");
}

/** Everything that was measured, for programs: medians beside the single values. */
export const formatJson = (machine: Machine, findings: readonly Finding[]): string => {
  const withMedian = (series: Series): object => ({ ...series, median: median(series.values) });
  const rows = findings.map((finding) => ({
    ...finding,
    product: withMedian(finding.product),
    ...(finding.baseline === undefined ? {} : { baseline: withMedian(finding.baseline) }),
    ...(finding.beside === undefined ? {} : { beside: finding.beside.map(withMedian) }),
  }));
  return `${JSON.stringify({ machine, findings: rows }, null, 2)}\n`;
};
