import { createHash } from "node:crypto";
import type { Closable, Clock } from "../../ports/clock.ts";
import type { KeyPair } from "../../ports/key-pair.ts";
import { PortError } from "../../ports/port-error.ts";
import type { CheckedKeyPair, KeyPairFiles } from "./read-key-pair.ts";
import { checkKeyPair, readKeyPairFiles } from "./read-key-pair.ts";

/** How often the files are looked at. */
export const KEY_PAIR_PERIOD_MS = 5_000;

/** What the watch needs of others. */
export interface KeyPairWatchNeeds {
  readonly files: KeyPairFiles;
  /** The pair that is in use as the watch begins. */
  readonly current: CheckedKeyPair;
  readonly clock: Clock;
  /** Takes a pair that fits into use. */
  readonly onPair: (pair: CheckedKeyPair) => void;
  /** Told why what is in the files is not taken into use: once for each content. */
  readonly onRefused: (error: PortError) => void;
}

/** What a look at the files led to. */
export type KeyPairLook = "used" | "unchanged" | "refused";

const digestOf = ({ certPem, keyPem }: KeyPair): string =>
  createHash("sha256")
    .update(JSON.stringify([certPem, keyPem]))
    .digest("hex");

/**
 * Looks at the files of a certificate and its key again and again, and hands over what is new and fits. Contents are compared, so
 * that it makes no difference how they change: written in place, renamed, or a link that leads elsewhere.
 */
export class KeyPairWatch {
  readonly #needs: KeyPairWatchNeeds;
  readonly #ticks: Closable;
  #usedDigest: string;
  /** What was found at the last look: a digest of the contents, or why there were none. */
  #seen: string;
  #looking: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(needs: KeyPairWatchNeeds) {
    this.#needs = needs;
    this.#usedDigest = digestOf(needs.current);
    this.#seen = this.#usedDigest;
    this.#ticks = needs.clock.every(KEY_PAIR_PERIOD_MS, async () => {
      await this.#inTurn(() => this.#look());
    });
  }

  /** Looks now, and says again what is wrong although it was said before. */
  async look(): Promise<KeyPairLook> {
    return await this.#inTurn(() => {
      this.#seen = this.#usedDigest;
      return this.#look();
    });
  }

  /** After this nothing is handed over any more. */
  close(): void {
    this.#isClosed = true;
    this.#ticks.close();
  }

  /** One after the other: an older look must not put an older pair back. */
  async #inTurn(look: () => Promise<KeyPairLook>): Promise<KeyPairLook> {
    const turn = this.#looking.then(look);
    this.#looking = turn.catch(() => undefined);
    return await turn;
  }

  async #look(): Promise<KeyPairLook> {
    const pair = await this.#read();
    if (pair === null || this.#isClosed) return "refused";
    const digest = digestOf(pair);
    if (this.#isNews(digest)) return this.#take(pair, digest);
    return digest === this.#usedDigest ? "unchanged" : "refused";
  }

  async #read(): Promise<KeyPair | null> {
    try {
      return await readKeyPairFiles(this.#needs.files);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      if (this.#isNews(error.message)) this.#needs.onRefused(error);
      return null;
    }
  }

  #take(pair: KeyPair, digest: string): KeyPairLook {
    const { files, onPair, onRefused } = this.#needs;
    try {
      const checked = checkKeyPair(pair, files);
      // The pair in use, found again after another was refused, needs no taking up.
      if (digest === this.#usedDigest) return "unchanged";
      this.#usedDigest = digest;
      onPair(checked);
      return "used";
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      onRefused(error);
      return "refused";
    }
  }

  #isNews(seen: string): boolean {
    const isNews = seen !== this.#seen;
    this.#seen = seen;
    return isNews;
  }
}
