import type { Instant } from "./ids.ts";

/** An instant as it is written on every wire and in every message: UTC with milliseconds. */
export const instantText = (at: Instant): string => new Date(at).toISOString();

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
