import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const SPAN = /^(\d{1,6})([mhdw])$/;

/** The instant that a word like `90d` means from now on; any other word is taken for a time, and left for the server to judge. */
export function expiryTime(word: string, now: number): string {
  return spokenTime(word, (spanMs) => {
    if (spanMs === 0) throw new Failure(EXIT_CODES.usage, `${word} is over at once.`);
    return now + spanMs;
  });
}

/** The instant of a span like `90d`, which `from` counts from somewhere, or of a time. */
export function spokenTime(word: string, from: (spanMs: number) => number): string {
  const [, count, unit] = SPAN.exec(word) ?? [];
  if (count === undefined || unit === undefined) return asTime(word);
  const at = new Date(from(Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS]));
  // Four digits are what a year has in the times of the API.
  if (!Number.isNaN(at.getTime()) && at.getUTCFullYear() >= 0) return at.toISOString();
  throw new Failure(EXIT_CODES.usage, `${word} is too far away.`);
}

function asTime(word: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(word)) return `${word}T00:00:00Z`;
  if (/^\d{4}-\d{2}-\d{2}T/.test(word)) return word;
  throw new Failure(
    EXIT_CODES.usage,
    `${word} is no time.`,
    "Write a span like 12h, 90d or 2w, or a time like 2027-01-31T12:00:00Z",
  );
}
