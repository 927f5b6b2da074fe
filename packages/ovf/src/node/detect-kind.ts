import type { ByteRange } from "./byte-pump.ts";
import type { LintKind } from "./lint-report.ts";
import { PlainFile } from "./plain-file.ts";

/** What stands at a place of a file of a kind: the magic of tar, the descriptors of ISO 9660 and UDF in their first sector. */
const MARKS: readonly { readonly kind: LintKind; readonly at: number; readonly text: string }[] = [
  { kind: "ova", at: 257, text: "ustar" },
  { kind: "iso", at: 32_769, text: "CD001" },
  { kind: "iso", at: 32_769, text: "BEA01" },
];

const textAt = async (file: PlainFile, { offset, sizeBytes }: ByteRange): Promise<string> => {
  const bytes = await file.readAt(Buffer.alloc(sizeBytes), offset);
  return Buffer.from(bytes).toString("latin1");
};

/** What a file is by its bytes, whatever its name is. Throws as `PlainFile.open` does. */
export const detectKind = async (path: string): Promise<LintKind> => {
  await using file = await PlainFile.open(path);
  for (const { kind, at, text } of MARKS)
    if ((await textAt(file, { offset: at, sizeBytes: text.length })) === text) return kind;
  return "other";
};
