import { FINDINGS, mendOf, textOf } from "@contentlib/ovf";
import type { LintReport } from "@contentlib/ovf/node";

/** The result of `lint` for programs: what the guide documents. */
export const lintDocument = (reports: readonly LintReport[]): object => {
  const sum = (count: (report: LintReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  return {
    files: reports.map(documentOf),
    errors: sum(({ errors }) => errors),
    warnings: sum(({ warnings }) => warnings),
    notes: sum(({ notes }) => notes),
    not_checked: reports.filter(({ kind }) => kind === "other").length,
  };
};

const documentOf = ({ findings, ...report }: LintReport): object => ({
  ...(inSnakeCase(report) as object),
  findings: findings.map((finding) => ({
    ...finding,
    severity: FINDINGS[finding.code].severity,
    text: textOf(finding),
    mend: mendOf(finding),
  })),
});

/** A value with its members named as the API names them; words in capitals, such as SHA256, stay. */
const inSnakeCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [snakeName(name), inSnakeCase(member)]),
  );
};

const snakeName = (name: string): string =>
  name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_, end: string, start: string) => `${end}_${start.toLowerCase()}`,
  );
