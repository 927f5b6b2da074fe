import { readFile, stat } from "node:fs/promises";
import { addAbortSignal, Readable } from "node:stream";
import {
  lintFile,
  type LintOptions,
  type LintReport,
  readTrustedCertificates,
  STANDARD_INPUT,
  standardInput,
} from "@contentlib/ovf/node";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { countsOf, lintLines, lintTotals } from "../lint-lines.ts";
import { lintDocument } from "../lint-document.ts";
import { countOf } from "../output.ts";
import { startProgress } from "../progress.ts";

/** Options of `contentlib lint`. */
export interface LintCommandOptions {
  /** Files with certificates in PEM. */
  readonly trust?: readonly string[];
  readonly strict?: boolean;
}

/** `contentlib lint FILE...`: what is wrong with packages and images, by the exit status too. No server is asked. */
export async function lint(
  context: CommandContext,
  files: readonly string[],
  { trust = [], strict = false }: LintCommandOptions,
): Promise<void> {
  const { output, streams, signal } = context;
  if (files.filter((file) => file === STANDARD_INPUT).length > 1)
    throw new Failure(EXIT_CODES.usage, "The standard input can be read only once.");
  // What is not there is told before anything large is read.
  for (const file of files) if (file !== STANDARD_INPUT) await stat(file);
  const trusted = (await Promise.all(trust.map(certificatesIn))).flat();
  const reports: LintReport[] = [];
  for (const file of files) {
    const report = await watched(context, file, {
      trusted,
      signal,
      stdin:
        streams.stdin === process.stdin ? standardInput(signal) : bytesOf(streams.stdin, signal),
    });
    reports.push(report);
    if (!output.isJson) output.entry({}, lintLines(report, output.style));
  }
  output.result(lintDocument(reports), lintTotals(reports));
  const failing = reports.filter(({ errors, warnings }) => errors > 0 || (strict && warnings > 0));
  if (failing.length > 0) throw failureOf(failing, reports.length);
  const unchecked = reports.filter(({ kind }) => kind === "other");
  if (unchecked.length > 0) throw uncheckedFailure(unchecked, reports.length);
}

async function certificatesIn(path: string): Promise<readonly Uint8Array[]> {
  const certificates = readTrustedCertificates(await readFile(path, "latin1"));
  if (certificates !== null) return certificates;
  throw new Failure(
    EXIT_CODES.usage,
    `${path} holds no certificate in PEM form, or one that can not be read.`,
  );
}

/** Reads a file; on a terminal a bar shows how far that is. */
async function watched(
  { output, streams }: CommandContext,
  file: string,
  options: LintOptions,
): Promise<LintReport> {
  if (!streams.stderr.isTTY) return await lintFile(file, options);
  const progress = await startProgress(output, streams.stderr, Date.now);
  try {
    progress.begin(file);
    return await lintFile(file, {
      ...options,
      onProgress: ({ doneBytes, totalBytes }) =>
        progress.update(doneBytes, totalBytes ?? undefined),
    });
  } finally {
    progress.stop();
  }
}

/** The bytes of a stream. An interrupt ends it, since whoever sends may be silent for long. */
async function* bytesOf(
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (stream instanceof Readable) addAbortSignal(signal, stream);
  for await (const piece of stream) yield typeof piece === "string" ? Buffer.from(piece) : piece;
}

/** Who asks for a check must not take silence for an answer. */
function uncheckedFailure(unchecked: readonly LintReport[], total: number): Failure {
  const [only] = unchecked;
  const message =
    total === 1 && only !== undefined
      ? `${only.file} was not checked.`
      : `${unchecked.length} of ${countOf(total, "file")} were not checked.`;
  return new Failure(
    EXIT_CODES.usage,
    message,
    "There are rules for OVF packages (.ovf, .mf, .cert), for archives and for images of discs.",
  );
}

function failureOf(failing: readonly LintReport[], total: number): Failure {
  const [only] = failing;
  const message =
    total === 1 && only !== undefined
      ? `${only.file} has ${countsOf(only)}.`
      : `${failing.length} of ${countOf(total, "file")} did not pass.`;
  return new Failure(
    EXIT_CODES.refused,
    message,
    "What each finding means, by its code: docs/guides/ovf-findings.md",
  );
}
