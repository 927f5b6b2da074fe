import type { FindingCode } from "../finding-codes.ts";
import type { FindingDetails } from "../make-finding.ts";
import { nameOfHref } from "../names/name-of-href.ts";
import type { WrittenNvram } from "./envelope-parts.ts";

/** Names of the files that `nvram` keys name; values such as `ovf:/file/ID` point to a File, which the References name. */
export const readNvrams = (
  nvrams: readonly WrittenNvram[],
  tell: (code: FindingCode, details: FindingDetails) => void,
): readonly string[] => {
  const names = new Set<string>();
  for (const { place, value } of nvrams) {
    if (/^ovf:\/{1,2}file\//.test(value)) continue;
    const meaning = nameOfHref(value);
    if (meaning.kind === "name") names.add(meaning.name);
    else tell("descriptor.nvram_refused", { place, subject: value });
  }
  return [...names];
};
