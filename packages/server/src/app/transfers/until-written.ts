import type { Core } from "../core.ts";
import type { LiveTransfer } from "../live-transfers.ts";
import { CutSignal } from "../live-transfers.ts";

/** How long is waited for a writer that was cut to have written its last byte. */
export const YIELD_WAIT_MS = 5_000;
/** Long enough to see what is over already. */
const LOOK_MS = 1;

/** How long is still waited for writers of whom the first to come waits all of it: many that come wait no longer together. */
const patienceMs = (older: readonly LiveTransfer[], nowMs: number): number => {
  for (const each of older) each.waitedForSinceMs ??= nowMs;
  const sinceMs = Math.max(...older.map(({ waitedForSinceMs }) => waitedForSinceMs ?? nowMs));
  return Math.max(LOOK_MS, sinceMs + YIELD_WAIT_MS - nowMs);
};

/** Waits until writers, which were cut, have written their last byte; false when that takes too long. */
export const untilWritten = async (
  core: Pick<Core, "clock">,
  writers: readonly LiveTransfer[],
): Promise<boolean> => {
  if (writers.length === 0) return true;
  const patience = new CutSignal();
  let isOver = false;
  const written = Promise.all(writers.map((each) => each.written)).then(() => (isOver = true));
  const waitMs = patienceMs(writers, core.clock.monotonicMs());
  const waited = core.clock.sleep(waitMs, patience).catch(() => undefined);
  await Promise.race([written, waited]);
  patience.cut({ kind: "shutdown" });
  return isOver;
};
