import { FINDINGS } from "./finding-codes.ts";
import type { Finding } from "./finding.ts";
import { shownText } from "./shown-text.ts";

const placeOf = ({ place }: Finding): string => {
  if (place === null) return "";
  if ("offset" in place) return `@${place.offset}`;
  return place.column === undefined ? `:${place.line}` : `:${place.line}:${place.column}`;
};

/** A finding as one line, with its place before it: `x.mf:3: sentence`; places in bytes stand as `x.ova@512`. */
export const textOf = (finding: Finding): string => {
  const values = new Map<string, string | null>([
    ["file", finding.file],
    ["subject", finding.subject],
    ["expected", finding.expected],
    ["actual", finding.actual],
  ]);
  // One pass, so that braces within a value stay what they are.
  const sentence = FINDINGS[finding.code].says.replace(/\{([a-z]+)\}/g, (_, name: string) =>
    shownText(values.get(name) ?? "(nothing)"),
  );
  return `${shownText(finding.file)}${placeOf(finding)}: ${sentence}`;
};

/** One suggestion how to mend what was found. */
export const mendOf = (finding: Finding): string => FINDINGS[finding.code].mend;
