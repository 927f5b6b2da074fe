const UNIT_MS: Readonly<Record<string, number>> = { "": 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** Longest duration that a setting may have: a year, well inside what timers and dates can hold. */
const DURATION_MS_MAX = 366 * 24 * 3_600_000;

/** Milliseconds of `90`, `90s`, `5m` or `1h`; null for any other text, for zero, and for more than a year. */
export const parseDuration = (text: string): number | null => {
  const parts = /^(\d{1,12})([smh]?)$/.exec(text.trim());
  if (parts === null) return null;
  const durationMs = Number(parts[1]) * (UNIT_MS[parts[2] ?? ""] ?? 0);
  return durationMs > 0 && durationMs <= DURATION_MS_MAX ? durationMs : null;
};
