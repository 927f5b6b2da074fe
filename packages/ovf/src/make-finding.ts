import { boundedText } from "./bounded-text.ts";
import type { FindingCode } from "./finding-codes.ts";
import type { Finding, Place } from "./finding.ts";
import { NAME_BYTES_MAX } from "./limits.ts";
import { shownText } from "./shown-text.ts";

/** What a finding tells besides its code and file; what is left out is null. */
export interface FindingDetails {
  readonly place?: Place | null;
  readonly subject?: string;
  readonly expected?: string | number | bigint;
  readonly actual?: string | number | bigint;
}

const shown = (text: string | number | bigint | undefined) =>
  text === undefined ? null : shownText(String(text));

/**
 * Makes a finding whose texts have bounded lengths. File and subject have room for every acceptable name and are not made fit
 * to be shown, so that they can be compared with names.
 */
export const makeFinding = (
  code: FindingCode,
  file: string,
  details: FindingDetails = {},
): Finding => ({
  code,
  file: boundedText(file, NAME_BYTES_MAX),
  place: details.place ?? null,
  subject: details.subject === undefined ? null : boundedText(details.subject, NAME_BYTES_MAX),
  expected: shown(details.expected),
  actual: shown(details.actual),
});
