import { networkOf } from "../../domain/network-of.ts";
import type { Admission, AttemptLimiter, Clock } from "../../ports/index.ts";

/** Wrong passwords that cost no wait, for one account from one address and for one address altogether. */
export const FREE_FAILURES_PER_PAIR = 5;
export const FREE_FAILURES_PER_ADDRESS = 20;

/** The first wait after the free failures; it doubles with each further one. */
const FIRST_WAIT_MS = 1000;
/** The longest wait. */
export const WAIT_MS_MAX = 60_000;
/** Failures are forgotten after so long without another. */
export const FAILURES_KEPT_MS = 15 * 60_000;
/** Pairs and addresses remembered; beyond that the one that failed longest ago is forgotten. */
export const RECORDS_MAX = 10_000;

const ACCOUNT_NAME_CHARACTERS_KEPT = 64;

interface FailureRecord {
  readonly failures: number;
  readonly lastAtMs: number;
}

const waitAfter = (failures: number, free: number): number =>
  failures < free ? 0 : Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** Math.min(failures - free, 16));

/** Keeps its counts in memory, by the monotonic clock, so that a jump of the wall clock neither locks nor frees anybody. */
export class MemoryAttemptLimiter implements AttemptLimiter {
  readonly #clock: Clock;
  /** In order of the last failure, the oldest first. */
  readonly #records = new Map<string, FailureRecord>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  admit(accountName: string, address: string): Admission {
    const waitMs = Math.max(
      this.#waitMs(pairKey(accountName, address), FREE_FAILURES_PER_PAIR),
      this.#waitMs(addressKey(address), FREE_FAILURES_PER_ADDRESS),
    );
    return waitMs <= 0 ? { kind: "ok" } : { kind: "wait", seconds: Math.ceil(waitMs / 1000) };
  }

  failed(accountName: string, address: string): void {
    this.#count(pairKey(accountName, address));
    this.#count(addressKey(address));
  }

  succeeded(accountName: string, address: string): void {
    this.#records.delete(pairKey(accountName, address));
  }

  #find(key: string): FailureRecord | undefined {
    const record = this.#records.get(key);
    if (record === undefined || this.#clock.monotonicMs() - record.lastAtMs < FAILURES_KEPT_MS)
      return record;
    this.#records.delete(key);
    return undefined;
  }

  #waitMs(key: string, free: number): number {
    const record = this.#find(key);
    if (record === undefined) return 0;
    return record.lastAtMs + waitAfter(record.failures, free) - this.#clock.monotonicMs();
  }

  #count(key: string): void {
    const failures = (this.#find(key)?.failures ?? 0) + 1;
    this.#records.delete(key);
    this.#records.set(key, { failures, lastAtMs: this.#clock.monotonicMs() });
    if (this.#records.size <= RECORDS_MAX) return;
    const [oldest] = this.#records.keys();
    if (oldest !== undefined) this.#records.delete(oldest);
  }
}

const addressKey = (address: string): string => networkOf(address);

const pairKey = (accountName: string, address: string): string =>
  `${networkOf(address)} ${accountName.toLowerCase().slice(0, ACCOUNT_NAME_CHARACTERS_KEPT)}`;
