import type { AccountId } from "../../domain/ids.ts";
import type { Call } from "../call.ts";

/** One run of an operation for a call. */
export class Run {
  readonly call: Call;
  /** Who waits for its end; most runs have nobody. */
  #waiting: (() => void)[] | null = null;

  constructor(call: Call) {
    this.call = call;
  }

  onOver(notify: () => void): void {
    (this.#waiting ??= []).push(notify);
  }

  over(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const notify of waiting) notify();
  }
}

/** Most accounts whose set stays when it has become empty. */
const IDLE_ACCOUNTS_MAX = 1000;

/** The calls under way, by whose they are: what was let in under rights that somebody is taking away. */
export class RunningCalls {
  /** A set that has become empty stays, because the next call is not far; of many accounts, which may be gone, it does not. */
  readonly #byAccount = new Map<AccountId, Set<Run>>();

  enter(call: Call): Run {
    const { accountId } = call.caller;
    let runs = this.#byAccount.get(accountId);
    if (runs === undefined) this.#byAccount.set(accountId, (runs = new Set()));
    const run = new Run(call);
    runs.add(run);
    return run;
  }

  /** Leaving twice is harmless. */
  leave(run: Run): void {
    const { accountId } = run.call.caller;
    const runs = this.#byAccount.get(accountId);
    runs?.delete(run);
    if (runs?.size === 0 && this.#byAccount.size > IDLE_ACCOUNTS_MAX)
      this.#byAccount.delete(accountId);
    run.over();
  }

  /** The call has done what others might wait for. */
  leaveAll(call: Call): void {
    const runs = this.#byAccount.get(call.caller.accountId) ?? [];
    for (const run of runs) if (run.call === call) this.leave(run);
  }

  /** Resolves once what runs now for these accounts is over; what begins later is not waited for. */
  async over(accountIds: Iterable<AccountId>): Promise<void> {
    const waits: Promise<void>[] = [];
    for (const accountId of accountIds)
      for (const run of this.#byAccount.get(accountId) ?? [])
        waits.push(new Promise((resolve) => run.onOver(resolve)));
    await Promise.all(waits);
  }
}
