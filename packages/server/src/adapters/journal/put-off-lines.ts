import { networkOf } from "../../domain/network-of.ts";
import type { Instant } from "../../domain/ids.ts";

/** How long one line stands for all that a network has put off, in milliseconds. */
export const PUT_OFF_LINE_MS = 60_000;

/** Most networks that are told apart at a time; those beyond are one. */
export const PUT_OFF_NETWORKS_MAX = 1_000;

const OTHERS = "others";

/** One line about credentials that were not looked at. */
export interface PutOffLine {
  /** The address of the first of them; that of a later one may differ within its network. */
  readonly address: string;
  readonly why: string;
  /** How many from that network were put off since the line before, which no line told; absent where there were none. */
  readonly untold?: number;
}

interface Open extends PutOffLine {
  readonly since: Instant;
  count: number;
}

/**
 * Thins what the log says of credentials that are put off, so that nobody fills it by guessing: the first from a network in a
 * minute has a line, those after it are counted, and the count is told as soon as anybody is put off after that minute.
 */
export class PutOffLines {
  readonly #open = new Map<string, Open>();

  /** The lines to write now that these credentials were put off. */
  at(now: Instant, { address, why }: Pick<PutOffLine, "address" | "why">): readonly PutOffLine[] {
    const lines = this.#close(now);
    const own = networkOf(address);
    const isFull = this.#open.size >= PUT_OFF_NETWORKS_MAX && !this.#open.has(own);
    const network = isFull ? OTHERS : own;
    const open = this.#open.get(network);
    if (open !== undefined) open.count += 1;
    else {
      this.#open.set(network, { address, why, since: now, count: 0 });
      lines.push({ address, why });
    }
    return lines;
  }

  /** Forgets whose minute is over, from the oldest on, and tells what was counted in it. */
  #close(now: Instant): PutOffLine[] {
    const lines: PutOffLine[] = [];
    for (const [network, { since, address, why, count }] of this.#open) {
      if (now - since < PUT_OFF_LINE_MS) break;
      this.#open.delete(network);
      if (count > 0) lines.push({ address, why, untold: count });
    }
    return lines;
  }
}
