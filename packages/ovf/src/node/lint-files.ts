import { basename } from "node:path";
import { detectKind } from "./detect-kind.ts";
import { lintArchive } from "./lint-archive.ts";
import { lintDescriptor } from "./lint-descriptor.ts";
import { lintImage } from "./lint-image.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { lintStream } from "./lint-stream.ts";
import { textRoleOf } from "./package-texts.ts";
import { PlainFile } from "./plain-file.ts";

/** The path that stands for a stream. */
export const STANDARD_INPUT = "-";

/** A file that we have no rules for: only its size is told. */
const lintOther = async (path: string): Promise<LintReport> => {
  await using file = await PlainFile.open(path);
  return {
    file: path,
    kind: "other",
    findings: [],
    findingsBeyond: 0,
    errors: 0,
    warnings: 0,
    notes: 0,
    facts: null,
    images: [],
    signer: null,
    isCovered: false,
    files: [],
    sizeBytes: file.sizeBytes,
  };
};

/** Judges a file whose name says nothing by what its bytes say. */
const lintUnknown = async (path: string, options: LintOptions): Promise<LintReport> => {
  const kind = await detectKind(path);
  if (kind === "ova") return await lintArchive(path, options);
  return kind === "iso" ? await lintImage(path, options) : await lintOther(path);
};

/**
 * Judges one file by what its name says that it is: an archive (`.ova`), a descriptor with the files beside it (`.ovf`; a `.mf`
 * or `.cert` leads to its descriptor), an image of a disc (`.iso`), or the archive that comes as a stream (`-`). Of
 * other names an archive or an image is known by its bytes; anything else is of the kind `other`, and was not checked. Whatever is
 * wrong with a file ends in findings. Rejects with what the system says of files that can not be read, with NoPlainFileError,
 * FileChangedError, and the reason of the signal.
 */
export const lintFile = async (path: string, options: LintOptions = {}): Promise<LintReport> => {
  options.signal?.throwIfAborted();
  if (path === STANDARD_INPUT) {
    if (options.stdin === undefined) throw new TypeError("There is no stream that - stands for.");
    return await lintStream(options.stdin, options);
  }
  const name = basename(path).toLowerCase();
  if (name.endsWith(".ova")) return await lintArchive(path, options);
  if (name.endsWith(".iso")) return await lintImage(path, options);
  if (textRoleOf(name) === null) return await lintUnknown(path, options);
  // What is named is there: a missing descriptor is told as missing only of a manifest that leads to it.
  await using _file = await PlainFile.open(path);
  return await lintDescriptor(path, options);
};

/** Judges files one after the other, and tells of each as soon as it was read. */
export async function* lintFiles(
  paths: Iterable<string>,
  options: LintOptions = {},
): AsyncGenerator<LintReport, void, undefined> {
  for (const path of paths) yield await lintFile(path, options);
}
