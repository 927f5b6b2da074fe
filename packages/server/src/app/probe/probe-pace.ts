import type { AccountId } from "../../domain/ids.ts";
import type { Clock } from "../../ports/index.ts";

/** Addresses that an account may have tried at once, before it has to wait. */
export const PROBES_FREE = 20;
/** How often one more may be tried afterwards, in milliseconds. */
export const PROBE_PERIOD_MS = 3_000;
/** Tries of one account that may run at a time. */
export const PROBES_RUNNING_MAX = 4;
/** Accounts that are remembered; beyond that the one that tried longest ago is forgotten. */
const ACCOUNTS_MAX = 10_000;

/** Whether an address may be tried now. */
export type ProbeAdmission =
  | { readonly kind: "ok"; readonly end: () => void }
  | { readonly kind: "wait"; readonly seconds: number };

interface Account {
  /** Tries that have not been made up for by time yet, at `atMs`. */
  readonly used: number;
  readonly atMs: number;
  readonly running: number;
}

/** Slows down the trying of addresses, account by account, or the server would be a scanner of the network it stands in. */
export class ProbePace {
  readonly #clock: Pick<Clock, "monotonicMs">;
  /** In order of the last try, the oldest first. */
  readonly #accounts = new Map<AccountId, Account>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  admit(accountId: AccountId): ProbeAdmission {
    const account = this.#now(accountId);
    if (account.running >= PROBES_RUNNING_MAX)
      return { kind: "wait", seconds: Math.ceil(PROBE_PERIOD_MS / 1000) };
    if (account.used > PROBES_FREE - 1) {
      const waitMs = (account.used - (PROBES_FREE - 1)) * PROBE_PERIOD_MS;
      return { kind: "wait", seconds: Math.ceil(waitMs / 1000) };
    }
    this.#put(accountId, { ...account, used: account.used + 1, running: account.running + 1 });
    let isRunning = true;
    const end = (): void => {
      if (!isRunning) return;
      isRunning = false;
      const later = this.#now(accountId);
      this.#put(accountId, { ...later, running: Math.max(0, later.running - 1) });
    };
    return { kind: "ok", end };
  }

  #now(accountId: AccountId): Account {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#accounts.get(accountId);
    if (known === undefined) return { used: 0, atMs: nowMs, running: 0 };
    const madeUpFor = (nowMs - known.atMs) / PROBE_PERIOD_MS;
    return { ...known, used: Math.max(0, known.used - madeUpFor), atMs: nowMs };
  }

  #put(accountId: AccountId, account: Account): void {
    this.#accounts.delete(accountId);
    this.#accounts.set(accountId, account);
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size > ACCOUNTS_MAX && oldest !== undefined) this.#accounts.delete(oldest);
  }
}
