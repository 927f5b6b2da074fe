import { networkOf } from "../app/client-network.ts";

/** Fewest connections that one network may have, however few there may be in all. */
const SHARE_MIN = 16;

/** Fewest connections beyond the limit that are told so, each for a short while; those beyond them are cut. */
const REFUSING_MIN = 16;

/** The part of all places that is kept free of idle connections, and that may be refused in words at a time. */
const MARGIN_PART = 16;

/** What a new connection gets: a place, a refusal in words, or nothing at all. */
export type Admission = "admitted" | "refused" | "cut";

/** What a connection holds until it ends. */
export interface Place {
  readonly admission: Admission;
  /** Whose share it counts in; null where it counts in nobody's. */
  readonly network: string | null;
}

/**
 * The places for connections. There is a limit for all, and within it one for each network, so that no single one can take every
 * place. Whoever is beyond either is told so, and beyond a second limit is not even told.
 */
export class ConnectionPlaces {
  readonly max: number;
  /** How many places are kept free of idle connections. */
  readonly margin: number;
  readonly #share: number;
  readonly #refusingMax: number;
  readonly #isExempt: (address: string) => boolean;
  readonly #networks = new Map<string, number>();
  #taken = 0;
  #refusing = 0;

  /** `isExempt` tells addresses that stand for many clients, or for ourselves: they have no share of their own. */
  constructor(max: number, isExempt: (address: string) => boolean) {
    this.max = max;
    this.margin = Math.ceil(max / MARGIN_PART);
    this.#share = Math.max(SHARE_MIN, Math.floor(max / 2));
    this.#refusingMax = Math.max(REFUSING_MIN, this.margin);
    this.#isExempt = isExempt;
  }

  /** Whether the last places are being taken. */
  get areScarce(): boolean {
    return this.#taken >= this.max - this.margin;
  }

  /** Whose share a connection from this address counts in; null for nobody's. */
  shareOf(address: string): string | null {
    return this.#isExempt(address) ? null : networkOf(address);
  }

  /** Whether the network has its whole share. */
  isUsedUp(network: string | null): boolean {
    return network !== null && (this.#networks.get(network) ?? 0) >= this.#share;
  }

  /** Gives a place to a new connection, if there is one. */
  take(network: string | null): Place {
    if (this.#taken < this.max && !this.isUsedUp(network)) {
      this.#taken += 1;
      this.#count(network, 1);
      return { admission: "admitted", network };
    }
    if (this.#refusing >= this.#refusingMax) return { admission: "cut", network };
    this.#refusing += 1;
    return { admission: "refused", network };
  }

  /** Takes a place back; to be called once for each. */
  giveBack({ admission, network }: Place): void {
    if (admission === "refused") this.#refusing -= 1;
    if (admission !== "admitted") return;
    this.#taken -= 1;
    this.#count(network, -1);
  }

  #count(network: string | null, by: number): void {
    if (network === null) return;
    const count = (this.#networks.get(network) ?? 0) + by;
    if (count === 0) this.#networks.delete(network);
    else this.#networks.set(network, count);
  }
}
