import type { Instant } from "./ids.ts";

/** An instant as it is written on every wire and in every message: UTC with milliseconds. */
export const instantText = (at: Instant): string => new Date(at).toISOString();
