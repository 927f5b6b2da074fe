import { globSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import type { EventData } from "node:test";
import { inspect } from "node:util";
import { root } from "./command.ts";
import { keepResults, type TestEnd, type TestResult } from "./conformance.ts";
import { addTallies, emptyTally, type Tally } from "./tally.ts";

const concurrency = 2;
/** How a diagnostic begins that tells what ran, which is shown of passing files too. */
const factPrefix = "ran with ";
/** How long a run that was ended may take to tell of its end. */
const graceMs = 5_000;

export interface Limits {
  /** What one test may take. */
  readonly testMs: number;
  /** What all of them may take; then the files that have not ended are ended, and have failed. */
  readonly runMs: number;
}

/** Any event of the test runner that belongs to a file. */
interface Located {
  readonly file?: string | undefined;
}

type Result = EventData.TestPass | EventData.TestFail;

/**
 * Runs the test files that match the patterns, each in a process of its own, and prints one line a file, the failures
 * in full, and each skipped test with its reason.
 */
export async function runTestFiles(patterns: readonly string[], limits: Limits): Promise<Tally> {
  const files = globSync(patterns, { cwd: root, exclude: ["**/node_modules/**"] }).sort();
  if (files.length === 0) return emptyTally;
  const reports = new Map(files.map((name) => [name, new FileReport(name)]));
  const reportOf = (data: Located): FileReport | undefined =>
    reports.get(relative(root, entryOf(data)));
  const deadline = AbortSignal.timeout(limits.runMs);
  const stream = run({
    cwd: root,
    files,
    concurrency,
    timeout: limits.testMs,
    signal: deadline,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: environmentForTests(),
  });
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<void>();
  stream.on("test:stdout", (data) => reportOf(data)?.noteOutput(data.message));
  stream.on("test:stderr", (data) => reportOf(data)?.noteOutput(data.message));
  stream.on("test:diagnostic", (data) => {
    if (data.message.startsWith(factPrefix)) reportOf(data)?.noteFact(data.message);
    else if (data.level !== "info") reportOf(data)?.noteOutput(`${data.message}\n`);
  });
  stream.on("test:pass", (data) => reportOf(data)?.notePass(data));
  stream.on("test:fail", (data) => reportOf(data)?.noteFailure(data));
  stream.on("test:summary", (data) =>
    data.file ? reportOf(data)?.close(data.duration_ms) : end(),
  );
  stream.on("error", reject).on("end", end);
  deadline.addEventListener("abort", () => setTimeout(end, graceMs));
  await ended;
  const tallies = [...reports.values()].map((report) => report.finish());
  keepResults([...reports.values()].flatMap((report) => report.results));
  return tallies.reduce(addTallies, emptyTally);
}

/** A test is made where its suite stands; newer versions of Node also tell which file ran it. */
function entryOf(data: Located): string {
  return "entryFile" in data && typeof data.entryFile === "string"
    ? data.entryFile
    : (data.file ?? "");
}

/**
 * A developer's own settings must not reach the servers that tests start. The files share what is compiled: each is a process of its
 * own, and loads much the same code.
 */
function environmentForTests(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => !name.startsWith("CONTENTLIB_"));
  const own = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  return { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "tests"), ...own };
}

/** What is known of a file while its tests run; printed only once it has ended, so that files do not mix. */
class FileReport {
  readonly #name: string;
  readonly #lines: string[] = [];
  readonly #output: string[] = [];
  readonly #results: TestResult[] = [];
  #tally: Tally = emptyTally;
  #isClosed = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** How each test of the file ended. */
  get results(): readonly TestResult[] {
    return this.#results;
  }

  noteOutput(text: string): void {
    this.#output.push(text);
  }

  noteFact(text: string): void {
    this.#lines.push(`  ${text}`);
  }

  notePass(data: EventData.TestPass): void {
    if (data.details.type === "suite") return;
    if (this.#isFileItself(data)) {
      this.#isClosed = true;
      return;
    }
    const reason = data.skip ?? data.todo;
    this.#keep(data, reason === undefined ? "passed" : "skipped");
    if (reason === undefined) {
      this.#count({ passed: 1 });
      return;
    }
    this.#count({ skipped: 1 });
    this.#lines.push(
      `  skipped: ${fullName(data)} (${typeof reason === "string" ? reason : "no reason given"})`,
    );
  }

  /** Of a test whose parts failed, the parts are told of; of a file that ended badly, only if no test of it was. */
  noteFailure(data: EventData.TestFail): void {
    const error = data.details.error;
    if ("failureType" in error && error.failureType === "subtestsFailed") return;
    if (this.#isFileItself(data) && this.#tally.failed > 0) return;
    this.#keep(data, "failed");
    this.#count({ failed: 1 });
    const place = data.line === undefined || this.#isFileItself(data) ? "" : ` (line ${data.line})`;
    const name = this.#isFileItself(data) ? "the file itself" : fullName(data);
    this.#lines.push(`  FAILED: ${name}${place}`, indent(describeError(error.cause ?? error)));
  }

  /** The tests of the file have ended; its process may still tell of a bad end. */
  close(durationMs: number): void {
    this.#isClosed = true;
    const mark = this.#tally.failed === 0 ? "ok    " : "FAILED";
    const seconds = (durationMs / 1000).toFixed(1);
    console.log(`${mark} ${this.#name}: ${this.#tally.passed} passed in ${seconds} s`);
    this.#print();
  }

  finish(): Tally {
    const { passed, failed, skipped } = this.#tally;
    if (!this.#isClosed && failed === 0) {
      this.#count({ failed: 1 });
      this.#lines.push("  FAILED: it did not come to an end");
    } else if (passed + failed + skipped === 0) {
      this.#count({ failed: 1 });
      this.#lines.push("  FAILED: there is no test in it");
    }
    if (this.#lines.length > 0) console.log(`FAILED ${this.#name}`);
    this.#print();
    return this.#tally;
  }

  #keep(data: Result, end: TestEnd): void {
    this.#results.push({ file: this.#name, name: fullName(data), end });
  }

  #count(more: Partial<Tally>): void {
    this.#tally = addTallies(this.#tally, { ...emptyTally, ...more });
  }

  #isFileItself(data: Result): boolean {
    return relative(root, data.name) === this.#name || data.name === this.#name;
  }

  #print(): void {
    for (const line of this.#lines.splice(0)) console.log(line);
    if (this.#tally.failed === 0 || this.#output.length === 0) return;
    console.log(`  output of ${this.#name}:\n${indent(this.#output.splice(0).join("").trimEnd())}`);
  }
}

/** Newer versions of Node tell the suite that a test is in. */
function fullName(data: Result): string {
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

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
