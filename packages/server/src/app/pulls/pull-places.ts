import { DEFAULT_CONFIGURATION } from "../../domain/configuration.ts";
import type { CancelSignal } from "../../ports/index.ts";
import type { PullLimits } from "./pull-limits.ts";

interface Waiting {
  readonly take: () => void;
}

/**
 * Hands out the places for files that are pulled at a time: so many in all, and so many from one server. Servers take turns, so that
 * one which many files wait for holds up no other. (S99)
 */
export class PullPlaces {
  readonly #limits: () => Promise<PullLimits>;
  #known: PullLimits = {
    total: DEFAULT_CONFIGURATION.maximumConcurrentPulls,
    perServer: DEFAULT_CONFIGURATION.maximumConcurrentPullsPerServer,
  };
  readonly #taken = new Map<string, number>();
  /** Who waits for a place, by server; the server whose turn is next comes first. */
  readonly #lines = new Map<string, Waiting[]>();

  constructor(limits: () => Promise<PullLimits>) {
    this.#limits = limits;
  }

  /** Waits for a place; resolves with what gives it back, or with null where the signal aborts first. */
  async enter(server: string, signal: CancelSignal): Promise<(() => void) | null> {
    if (signal.aborted) return null;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting: Waiting = { take: () => resolve(true) };
    const onAbort = (): void => {
      // Whoever has a place by now gives it back when he sees that he was cut.
      if (this.#leaveLine(server, waiting)) resolve(false);
    };
    const line = this.#lines.get(server) ?? [];
    line.push(waiting);
    this.#lines.set(server, line);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await this.#offer();
      return (await promise) ? this.#placeOf(server) : null;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Hands out what places there are by the limits as they are now. */
  async limitsChanged(): Promise<void> {
    await this.#offer();
  }

  #placeOf(server: string): () => void {
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#giveBack(server);
    };
  }

  #giveBack(server: string): void {
    const left = (this.#taken.get(server) ?? 1) - 1;
    if (left === 0) this.#taken.delete(server);
    else this.#taken.set(server, left);
    void this.#offer();
  }

  /** Where the limits can not be read the last known ones hold: what fails there, each pull meets and tells by itself. */
  async #offer(): Promise<void> {
    this.#known = await this.#limits().catch(() => this.#known);
    for (let server = this.#nextServer(); server !== null; server = this.#nextServer())
      this.#handOut(server);
  }

  #nextServer(): string | null {
    const { total, perServer } = this.#known;
    let running = 0;
    for (const count of this.#taken.values()) running += count;
    if (running >= total) return null;
    for (const server of this.#lines.keys())
      if ((this.#taken.get(server) ?? 0) < perServer) return server;
    return null;
  }

  #handOut(server: string): void {
    const line = this.#lines.get(server) ?? [];
    const first = line.shift();
    this.#lines.delete(server);
    if (line.length > 0) this.#lines.set(server, line);
    if (first === undefined) return;
    this.#taken.set(server, (this.#taken.get(server) ?? 0) + 1);
    first.take();
  }

  /** False where it stands in the line no more. */
  #leaveLine(server: string, waiting: Waiting): boolean {
    const line = this.#lines.get(server) ?? [];
    const at = line.indexOf(waiting);
    if (at < 0) return false;
    line.splice(at, 1);
    if (line.length === 0) this.#lines.delete(server);
    return true;
  }
}
