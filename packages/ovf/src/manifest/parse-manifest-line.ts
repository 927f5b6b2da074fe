import { type DigestAlgorithm, digestAlgorithmOf, HEX_DIGITS } from "../digest-algorithm.ts";
import type { FindingCode } from "../finding-codes.ts";
import type { FindingDetails } from "../make-finding.ts";

/** What a line of a manifest says, or what is wrong with it; null for a line that says nothing. */
export type ParsedLine =
  | { readonly name: string; readonly algorithm: DigestAlgorithm; readonly digest: string }
  | { readonly code: FindingCode; readonly details: FindingDetails }
  | null;

const ALGORITHM = /^[A-Za-z0-9-]+/;
const HEX = /^[0-9A-Fa-f]+$/;
// As sha256sum writes it, with a backslash before names in which something is escaped.
const PLAIN_SUM = /^\\?[0-9A-Fa-f]{32,128} [ *]/;

const unreadable = (line: string): ParsedLine =>
  PLAIN_SUM.test(line)
    ? { code: "manifest.plain_sums", details: { actual: line } }
    : { code: "manifest.line_unreadable", details: { actual: line } };

/**
 * Reads one line in any of the styles that tools write: `SHA256(name)= digest`, `SHA256 (name) = digest`, and the names that
 * OpenSSL 3 gives algorithms. The name goes to the last bracket, so it may hold brackets, blanks and equals signs itself.
 */
export const parseManifestLine = (written: string): ParsedLine => {
  // A byte order mark counts as blank.
  const line = written.trim();
  if (line === "" || line.startsWith("#")) return null;
  const word = ALGORITHM.exec(line)?.[0] ?? "";
  const opening = line.slice(word.length).trimStart();
  const end = opening.lastIndexOf(")");
  // `./` is what a shell's globbing and `find` put before names.
  const name = opening.slice(1, Math.max(1, end)).replace(/^(?:\.\/)+/, "");
  const value = opening.slice(end + 1).trim();
  if (word === "" || !opening.startsWith("(") || name === "" || !value.startsWith("="))
    return unreadable(line);
  const digest = value.slice(1).trim();
  if (!HEX.test(digest)) return unreadable(line);
  const algorithm = digestAlgorithmOf(word);
  if (algorithm === null)
    return { code: "manifest.algorithm_unknown", details: { subject: name, actual: word } };
  const expected = HEX_DIGITS[algorithm];
  if (digest.length !== expected)
    return {
      code: "manifest.digest_length",
      details: { subject: name, expected, actual: digest.length },
    };
  return { name, algorithm, digest: digest.toLowerCase() };
};
