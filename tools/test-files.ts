import { globSync } from "node:fs";
import { relative } from "node:path";
import { run } from "node:test";
import type { EventData } from "node:test";
import { inspect } from "node:util";
import { root } from "./command.ts";
import { emptyTally, type Tally } from "./tally.ts";

/** Longer than any test may take; a test that hangs fails here instead of holding the whole run. */
const testTimeoutMs = 600_000;
const concurrency = 2;

/** What is known of a file while its tests run; printed only once it has ended, so that files do not mix. */
interface FileReport {
  readonly lines: string[];
  readonly output: string[];
  failed: number;
}

/**
 * Runs the test files that match the patterns, each in a process of its own, and prints one line a file, the failures
 * in full, and each skipped test with its reason.
 */
export async function runTestFiles(patterns: readonly string[]): Promise<Tally> {
  const files = globSync(patterns, { cwd: root, exclude: ["**/node_modules/**"] }).sort();
  if (files.length === 0) return emptyTally;
  const reports = new Map<string, FileReport>();
  const reportOf = (file: string | undefined): FileReport => {
    const name = relative(root, file ?? "");
    const report = reports.get(name) ?? { lines: [], output: [], failed: 0 };
    reports.set(name, report);
    return report;
  };
  const stream = run({
    cwd: root,
    files,
    concurrency,
    timeout: testTimeoutMs,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: environmentForTests(),
  });
  stream.on("test:stdout", (data) => reportOf(data.file).output.push(data.message));
  stream.on("test:stderr", (data) => reportOf(data.file).output.push(data.message));
  stream.on("test:pass", (data) => notePass(reportOf(data.file), data));
  stream.on("test:fail", (data) => noteFailure(reportOf(data.file), data));
  const { promise, resolve, reject } = Promise.withResolvers<Tally>();
  stream.on("test:summary", (data) => {
    if (data.file === undefined) resolve(tallyOf(data.counts));
    else printFile(relative(root, data.file), reportOf(data.file), data);
  });
  stream.on("error", reject);
  stream.on("end", () => reject(new Error("the test runner ended without a summary")));
  const tally = await promise;
  for (const [file, report] of reports) if (report.lines.length > 0) printReport(file, report);
  return tally;
}

/** A developer's own settings must not reach the servers that tests start. */
function environmentForTests(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => !name.startsWith("CONTENTLIB_"));
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

function notePass(report: FileReport, data: EventData.TestPass): void {
  if (data.skip === undefined) return;
  report.lines.push(
    `  skipped: ${fullName(data)} (${data.skip === true ? "no reason given" : data.skip})`,
  );
}

function noteFailure(report: FileReport, data: EventData.TestFail): void {
  const error = data.details.error;
  const isOnlyParent = "failureType" in error && error.failureType === "subtestsFailed";
  if (isOnlyParent) return;
  report.failed += 1;
  const place = data.line === undefined ? "" : ` (line ${data.line})`;
  report.lines.push(
    `  FAILED: ${fullName(data)}${place}`,
    indent(describeError(error.cause ?? error)),
  );
}

/** Newer versions of Node tell the suite that a test is in. */
function fullName(data: EventData.TestPass | EventData.TestFail): string {
  const suite = "classname" in data && typeof data.classname === "string" ? data.classname : "";
  return suite === "" ? data.name : `${suite}: ${data.name}`;
}

/** The stack as far as it is ours; what is below belongs to the test runner. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error, { depth: 6 });
  const stack = error.stack ?? String(error);
  const own = stack.split("\n").filter((line) => !/^\s+at .*\(?node:/.test(line));
  if (error.cause !== undefined) own.push(`caused by: ${describeError(error.cause)}`);
  return own.join("\n");
}

function printFile(name: string, report: FileReport, data: EventData.TestSummary): void {
  const mark = data.success ? "ok    " : "FAILED";
  const seconds = (data.duration_ms / 1000).toFixed(1);
  console.log(`${mark} ${name}: ${data.counts.passed} passed in ${seconds} s`);
  printReport(name, report);
}

/** A file that died before its first test has no summary of its own; it is told of at the end, by this alone. */
function printReport(name: string, report: FileReport): void {
  for (const line of report.lines) console.log(line);
  if (report.failed > 0 && report.output.length > 0) {
    console.log(`  output of ${name}:\n${indent(report.output.join("").trimEnd())}`);
  }
  report.lines.length = 0;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}

/** Cancelled tests are failures; a test marked "to do" is no better than a skipped one. */
function tallyOf(counts: EventData.TestSummary["counts"]): Tally {
  const skipped = counts.skipped + counts.todo;
  return { passed: counts.passed, failed: counts.tests - counts.passed - skipped, skipped };
}
