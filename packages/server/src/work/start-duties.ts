import type { Duties } from "../app/app.ts";
import type { Clock, Journal } from "../ports/index.ts";

/** How often each duty runs. Activity is stored well inside the 30 s that a restart may lose of it. */
export const DUTY_PERIODS_MS = {
  expireSessions: 1000,
  recordActivity: 5000,
  recordRefusals: 1000,
  purge: 60_000,
  collectBlobs: 60_000,
  sweepStaging: 600_000,
} as const satisfies Readonly<Record<keyof Duties, number>>;

/** The background loops, running until closed. */
export interface RunningDuties {
  /** Starts no further run and resolves once those under way have ended. */
  close(): Promise<void>;
}

const DUTY_NAMES = Object.keys(DUTY_PERIODS_MS) as readonly (keyof Duties)[];

/**
 * Runs each duty every so often. A duty never overlaps itself, a failed run is journaled and tried again in its next period, and
 * one duty's trouble stops no other.
 */
export const startDuties = (
  duties: Duties,
  clock: Clock,
  journal: Pick<Journal, "trouble">,
): RunningDuties => {
  const underWay = new Map<keyof Duties, Promise<void>>();

  const run = async (name: keyof Duties): Promise<void> => {
    try {
      await duties[name]();
    } catch (error) {
      journal.trouble({ where: `duty ${name}`, error });
    } finally {
      underWay.delete(name);
    }
  };

  const tick = async (name: keyof Duties): Promise<void> => {
    if (underWay.has(name)) return;
    const running = run(name);
    underWay.set(name, running);
    await running;
  };

  const loops = DUTY_NAMES.map((name) =>
    clock.every(DUTY_PERIODS_MS[name], async () => await tick(name)),
  );
  return {
    close: async () => {
      for (const loop of loops) loop.close();
      await Promise.all(underWay.values());
    },
  };
};
