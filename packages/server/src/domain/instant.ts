import type { Instant } from "./ids.ts";

const DAY_MS = 86_400_000;

/** `00` to `99`. */
const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) =>
  String(n).padStart(2, "0"),
);

/** The day that was written last, in days since 1970, and its text up to the hours: almost all instants are of few days. */
let lastDay = 0;
let lastDayText = "1970-01-01T";

const dayTextOf = (day: number): string => {
  if (day !== lastDay) {
    lastDayText = new Date(day * DAY_MS).toISOString().slice(0, -"00:00:00.000Z".length);
    lastDay = day;
  }
  return lastDayText;
};

/** An instant as it is written on every wire and in every message: UTC with milliseconds. Throws for a day that no date has. */
export const instantText = (at: Instant): string => {
  // `Date` writes the same, and takes as long as all else that is done to show a session.
  const wholeMs = Math.trunc(at);
  const day = Math.floor(wholeMs / DAY_MS);
  const text = dayTextOf(day);
  const ms = wholeMs - day * DAY_MS;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const time = `${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[minutes % 60]}:${TWO_DIGITS[seconds % 60]}`;
  return `${text}${time}.${String(ms % 1000).padStart(3, "0")}Z`;
};

const RFC_3339 =
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The instant that a text of RFC 3339 names, to the millisecond; null for any other text. */
export const parseInstant = (text: string): Instant | null => {
  if (!RFC_3339.test(text)) return null;
  const at = Date.parse(text.toUpperCase());
  return Number.isNaN(at) || !isRealDay(text.slice(0, 10)) ? null : at;
};

/** Whether the calendar has the day; `Date.parse` takes the 31st of February for one in March. */
const isRealDay = (day: string): boolean => {
  const at = Date.parse(`${day}T00:00:00.000Z`);
  return !Number.isNaN(at) && instantText(at).startsWith(day);
};
