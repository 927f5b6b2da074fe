import { basename } from "node:path";
import { ImageReader } from "../iso/image-reader.ts";
import { BytePump } from "./byte-pump.ts";
import { FindingTally } from "./finding-tally.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { PlainFile } from "./plain-file.ts";

/** Judges an image of a disc by its head and by what that points to; the rest of it is not read. */
export const lintImage = async (path: string, options: LintOptions): Promise<LintReport> => {
  await using file = await PlainFile.open(path);
  const { sizeBytes } = file;
  const pump = new BytePump(options.signal);
  const tally = new FindingTally();
  const name = basename(path);
  const reader = new ImageReader(name, tally.take);
  let offset = 0;
  for (let next = reader.nextWanted; next !== null && next < sizeBytes; next = reader.nextWanted) {
    reader.skip(next - offset);
    const piece = await pump.readOnce(file, { offset: next, sizeBytes: sizeBytes - next });
    if (piece.length === 0) break;
    reader.write(piece);
    offset = next + piece.length;
    options.onProgress?.({ file: path, doneBytes: offset, totalBytes: sizeBytes });
  }
  const facts = reader.end(sizeBytes);
  await file.checkUnchanged();
  return {
    file: path,
    kind: "iso",
    ...tally.told,
    facts: null,
    images: [{ file: name, facts }],
    signer: null,
    isCovered: false,
    files: [],
    sizeBytes,
  };
};
