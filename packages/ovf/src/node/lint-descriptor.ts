import { basename, dirname } from "node:path";
import { BytePump } from "./byte-pump.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { findTexts } from "./neighbours.ts";
import { PackageInDirectory } from "./package-in-directory.ts";
import { textRoleOf } from "./package-texts.ts";

/**
 * Judges a descriptor with the files beside it that it or its manifest names, or its manifest or certificate with the descriptor
 * they belong to. Only files of the same directory count.
 */
export const lintDescriptor = async (path: string, options: LintOptions): Promise<LintReport> => {
  const directory = dirname(path);
  const given = basename(path);
  const names = await findTexts(directory, given);
  const role = textRoleOf(given);
  // A descriptor that is named counts, whatever else is called the same.
  const texts = role === "descriptor" ? { ...names, descriptor: [given] } : names;
  const name = texts.descriptor[0] ?? given;
  const found = new PackageInDirectory(path, name, new BytePump(options.signal));
  await found.readTexts(texts);
  await found.findFiles();
  let doneBytes = 0;
  await found.readFiles((bytes) => {
    doneBytes += bytes;
    options.onProgress?.({ file: path, doneBytes, totalBytes: found.totalBytes });
  });
  return await found.conclude(path, options);
};
