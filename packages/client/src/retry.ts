import { ConnectionError, GatewayError, LibraryError } from "./errors.ts";
import type { ClientError } from "./errors.ts";

/** Whether repeating an operation is harmless, as the contract declares it. */
export type Effect = "safe" | "idempotent" | "once";

/** Longest pause between two attempts, in milliseconds. */
export const RETRY_PAUSE_MAX_MS = 5_000;
/** Pause before the second attempt, in milliseconds; it doubles with each further one. */
export const RETRY_PAUSE_FIRST_MS = 200;
/** Longest `Retry-After` that is waited for, in milliseconds; a longer one is handed to the caller as the error. */
export const RETRY_AFTER_MAX_MS = 60_000;

/** A failed attempt, with the pause the server asked for, if it did. */
export interface FailedAttempt {
  readonly error: ClientError;
  readonly retryAfterMs: number | undefined;
}

/**
 * The pause before the next attempt in milliseconds, or null when there must be none. Repeats follow the declared
 * effect, never the status alone; only a 503 with `Retry-After` is repeated whatever the effect, because with it the
 * server says that it has not begun.
 */
export function retryPauseMs(
  failed: FailedAttempt,
  effect: Effect,
  attempt: number,
  random: () => number,
): number | null {
  const { error, retryAfterMs } = failed;
  if (retryAfterMs !== undefined && isRefusedUnbegun(error)) {
    return retryAfterMs <= RETRY_AFTER_MAX_MS ? retryAfterMs : null;
  }
  if (effect === "once" || !isPassing(error)) return null;
  const ceilingMs = Math.min(RETRY_PAUSE_MAX_MS, RETRY_PAUSE_FIRST_MS * 2 ** attempt);
  return Math.round(ceilingMs * (0.5 + random() / 2));
}

/** Whether somebody said that the request was not begun, as far as `Retry-After` stands beside it. */
const isRefusedUnbegun = (error: ClientError): boolean =>
  error instanceof GatewayError
    ? error.status === 503
    : error instanceof LibraryError && error.class === "service_unavailable";

/** Whether the same request can fare better a moment later. */
const isPassing = (error: ClientError): boolean => {
  if (error instanceof ConnectionError && error.untrustedOrigin !== undefined) return false;
  if (error.kind === "connection" || error.kind === "timeout") return true;
  return error instanceof LibraryError && PASSING_STATUSES.has(error.status);
};

/** What gateways say of a server that is away for a moment. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** The header `Retry-After` in milliseconds: a number of seconds, or an HTTP date against the present time. */
export function parseRetryAfterMs(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
