import type { AccountId } from "../../domain/ids.ts";
import type { Call } from "../call.ts";

/** One run of an operation for a call. */
export interface Run {
  readonly call: Call;
  readonly onOver: (() => void)[];
}

/** The calls under way, by whose they are: what was let in under rights that somebody is taking away. */
export class RunningCalls {
  readonly #byAccount = new Map<AccountId, Set<Run>>();

  enter(call: Call): Run {
    const { accountId } = call.caller;
    const runs = this.#byAccount.get(accountId) ?? new Set<Run>();
    const run: Run = { call, onOver: [] };
    runs.add(run);
    this.#byAccount.set(accountId, runs);
    return run;
  }

  /** Leaving twice is harmless. */
  leave(run: Run): void {
    const { accountId } = run.call.caller;
    const runs = this.#byAccount.get(accountId);
    runs?.delete(run);
    if (runs?.size === 0) this.#byAccount.delete(accountId);
    for (const notify of run.onOver.splice(0)) notify();
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
      for (const { onOver } of this.#byAccount.get(accountId) ?? [])
        waits.push(new Promise((resolve) => onOver.push(resolve)));
    await Promise.all(waits);
  }
}
