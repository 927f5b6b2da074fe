import {
  type Finding,
  type FindingCode,
  FINDINGS,
  mendOf,
  type Severity,
  textOf,
} from "@contentlib/ovf";
import type { LintReport } from "@contentlib/ovf/node";
import { countOf, formatBytes, oneLine, type Output, type Style, tableLines } from "./output.ts";

const STYLES: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", note: "dim" };
const SEVERITY_WIDTH = "warning".length;

/** How many findings of each kind there are, in words. */
export const countsOf = ({
  errors,
  warnings,
  notes,
}: Pick<LintReport, "errors" | "warnings" | "notes">): string => {
  const counts = [
    ...(errors === 0 ? [] : [countOf(errors, "error")]),
    ...(warnings === 0 ? [] : [countOf(warnings, "warning")]),
    ...(notes === 0 ? [] : [countOf(notes, "note")]),
  ];
  return counts.length === 0 ? "nothing to report" : counts.join(", ");
};

/** What was found in one file, with one suggestion for each finding; of a file without errors also what it is. */
export const lintLines = (report: LintReport, style: Output["style"]): readonly string[] => {
  const { file, kind, findings, findingsBeyond } = report;
  if (kind === "other")
    return [`${oneLine(file)}: not checked, there are no rules for such a file`];
  return [
    style("bold", `${oneLine(file)}: ${countsOf(report)}`),
    ...findingLines(findings, style),
    ...(findingsBeyond === 0 ? [] : [`  and ${countOf(findingsBeyond, "finding")} more`]),
    ...(report.errors === 0 ? factLines(report) : []),
  ];
};

/** Notes of one code are told one by one up to so many; what follows is counted. */
const NOTES_OF_A_CODE_MAX = 10;

const findingLines = (findings: readonly Finding[], style: Output["style"]): readonly string[] => {
  const notes = new Map<FindingCode, number>();
  const lines = findings.flatMap((finding) => {
    const { code } = finding;
    const { severity } = FINDINGS[code];
    if (severity === "note") notes.set(code, (notes.get(code) ?? 0) + 1);
    if ((notes.get(code) ?? 0) > NOTES_OF_A_CODE_MAX) return [];
    const word = style(STYLES[severity], severity.padEnd(SEVERITY_WIDTH));
    return [
      `  ${word}  ${oneLine(textOf(finding))} ${style("dim", `[${code}]`)}`,
      `  ${" ".repeat(SEVERITY_WIDTH)}  ${mendOf(finding)}`,
    ];
  });
  const word = style(STYLES.note, "note".padEnd(SEVERITY_WIDTH));
  const more = [...notes]
    .filter(([, count]) => count > NOTES_OF_A_CODE_MAX)
    .map(
      ([code, count]) =>
        `  ${word}  and ${countOf(count - NOTES_OF_A_CODE_MAX, "note")} more of this kind ${style("dim", `[${code}]`)}`,
    );
  return [...lines, ...more];
};

/** What all files come to, where there are several. */
export const lintTotals = (reports: readonly LintReport[]): readonly string[] => {
  if (reports.length < 2) return [];
  const sum = (count: (report: LintReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  const counts = {
    errors: sum(({ errors }) => errors),
    warnings: sum(({ warnings }) => warnings),
    notes: sum(({ notes }) => notes),
  };
  const unchecked = reports.filter(({ kind }) => kind === "other").length;
  const words = [
    ...(unchecked === reports.length ? [] : [countsOf(counts)]),
    ...(unchecked === 0 ? [] : [`${unchecked} not checked`]),
  ];
  return [`${reports.length} files: ${words.join(", ")}`];
};

const factLines = (report: LintReport): readonly string[] =>
  tableLines([
    ...productRows(report),
    ...systemRows(report),
    ...deviceRows(report),
    ...manifestRows(report),
    ...signerRows(report),
    ...report.images.flatMap(imageRows),
    ["  size", sizeText(report)],
  ]);

const known = (...texts: readonly (string | null)[]): string =>
  texts.filter((text) => text !== null && text !== "").join(" ");

const productRows = ({ facts }: LintReport): readonly (readonly string[])[] => {
  const { product = null } = facts ?? {};
  if (product === null) return [];
  const vendor = product.vendor === null ? null : `(${product.vendor})`;
  return [["  product", known(product.name, product.fullVersion ?? product.version, vendor)]];
};

const systemRows = ({ facts }: LintReport): readonly (readonly string[])[] =>
  (facts?.systems ?? []).map((system) => [
    "  system",
    [
      system.name ?? system.id,
      ...(system.operatingSystem === null ? [] : [system.operatingSystem]),
      ...(system.cpus === null ? [] : [countOf(system.cpus, "CPU")]),
      ...(system.memoryBytes === null
        ? []
        : [`${formatBytes(Number(system.memoryBytes))} of memory`]),
      countOf(system.networkCards, "network card"),
    ].join(", "),
  ]);

const deviceRows = ({ facts }: LintReport): readonly (readonly string[])[] => {
  if (facts === null) return [];
  const capacities = facts.disks.map(({ capacityBytes }) =>
    capacityBytes === null ? "unknown size" : formatBytes(Number(capacityBytes)),
  );
  const { networks, licences, extraConfigKeys } = facts;
  return [
    ...(capacities.length === 0 ? [] : [["  disks", capacities.join(", ")]]),
    ...(networks.length === 0 ? [] : [["  networks", networks.join(", ")]]),
    ...(licences.length === 0 ? [] : [["  licences", countOf(licences.length, "licence")]]),
    ...(extraConfigKeys.length === 0 ? [] : [["  ExtraConfig", extraConfigKeys.join(", ")]]),
  ];
};

const NAMES_MAX = 10;

/** The first names of a list, and how many there are more. */
const namesIn = (names: readonly string[]): string =>
  [
    ...names.slice(0, NAMES_MAX),
    ...(names.length > NAMES_MAX ? [`${names.length - NAMES_MAX} more`] : []),
  ].join(", ");

const MANIFEST = /\.mf$/i;

/** Nothing says of a package without a manifest that its files are those that were meant. */
const manifestRows = ({ kind, files }: LintReport): readonly (readonly string[])[] =>
  kind === "iso" || files.some(({ name }) => MANIFEST.test(name)) ? [] : [["  manifest", "none"]];

const signerRows = ({ signer }: LintReport): readonly (readonly string[])[] => {
  if (signer === null) return [];
  const { subject, trustedBy, uncovered } = signer;
  const why = trustedBy === null ? "trusted by nobody" : `trusted by ${trustedBy}`;
  return [
    ["  signer", `${subject}, ${why}`],
    ...(uncovered.length === 0 ? [] : [["  not signed", namesIn(uncovered)]]),
  ];
};

const imageRows = ({
  file,
  facts,
}: LintReport["images"][number]): readonly (readonly string[])[] => [
  [
    "  image",
    [
      `${file}:`,
      facts.formats.join(" and ") || "no volume",
      ...(facts.volumeLabel === null ? [] : [`labelled ${facts.volumeLabel}`]),
      ...(facts.boots.length === 0 ? [] : [`boots by ${facts.boots.join(" and ")}`]),
      ...(facts.isHybrid ? ["from a stick too"] : []),
    ].join(" "),
  ],
];

const sizeText = ({ sizeBytes, files, isCovered }: LintReport): string =>
  [
    formatBytes(sizeBytes),
    ...(files.length === 0 ? [] : [countOf(files.length, "file")]),
    ...(isCovered ? ["all covered by the manifest"] : []),
  ].join(", ");
