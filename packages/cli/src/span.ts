import { InvalidArgumentError } from "commander";

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Longest span, in milliseconds: what a timer can wait. */
const SPAN_MAX_MS = 24 * 3_600_000;

/** A span of time on the command line, like `30s`, `5m` or `1h`, in milliseconds. */
export function parseSpan(word: string): number {
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(word) ?? [];
  if (count === undefined || unit === undefined)
    throw new InvalidArgumentError("It is a span like 30s, 5m or 1h.");
  const spanMs = Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  if (spanMs > SPAN_MAX_MS) throw new InvalidArgumentError("It is at most 24h.");
  return spanMs;
}

/** A span that is no instant: what is tried again for no time is not tried. */
export function parsePatience(word: string): number {
  const spanMs = parseSpan(word);
  if (spanMs === 0) throw new InvalidArgumentError("It is at least 1s.");
  return spanMs;
}

/** A span as it is written on the command line. */
export const spanOf = (spanMs: number): string => `${Math.round(spanMs / UNITS_MS.s)}s`;
