import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const SPAN = /^(\d{1,6})([mhdw])$/;

/** The instant that a word like `90d` means from now on; any other word is taken for a time. */
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

/** A day, or a day and a time with or without seconds, as the tables print it or the API; without a zone it is UTC. */
const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/i;

function asTime(word: string): string {
  const [, day, minutes = "00:00", seconds = ":00", zone = "Z"] = TIME.exec(word) ?? [];
  const time = `${day}T${minutes}${seconds}${zone.toUpperCase()}`;
  if (day !== undefined && isRealDay(day) && !Number.isNaN(Date.parse(time))) return time;
  throw new Failure(
    EXIT_CODES.usage,
    `${word} is no time.`,
    "Write a span like 12h, 90d or 2w, or a time like 2027-01-31T12:00:00Z",
  );
}

/** Whether the calendar has the day; `Date.parse` takes the 31st of February for one in March. */
function isRealDay(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
