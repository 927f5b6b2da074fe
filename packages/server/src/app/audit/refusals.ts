import type { AuditEntry } from "../../domain/audit-entry.ts";
import { fullUserName, parseAccountName, USER_DOMAIN } from "../../domain/account-name.ts";
import type { Catalog, Change, Clock, Doer, Journal } from "../../ports/index.ts";
import type { Origin } from "../call.ts";
import type { Refused } from "./refusal-folds.ts";
import { RefusalFolds } from "./refusal-folds.ts";
import type { ToldObject } from "./told-object.ts";
import { FOLD_WINDOW_MS, type TrailNames } from "./trail-names.ts";

/** Most characters of a name that was tried, and of a reason. */
const NAME_CHARACTERS_MAX = 128;
const REASON_CHARACTERS_MAX = 500;

const CONTROL_CHARACTERS = /\p{C}|\p{Zl}|\p{Zp}/gu;

/** A text of a stranger's, on one line and not too long. */
const tamed = (text: string, charactersMax: number): string =>
  [...text.slice(0, charactersMax * 2).replaceAll(CONTROL_CHARACTERS, " ")]
    .slice(0, charactersMax)
    .join("")
    .trim();

/** The full name that a tried one stands for, so that rows about a user are found by it; any other text as it is. */
const triedName = (text: string): string => {
  const name = parseAccountName(text, USER_DOMAIN);
  return tamed(name === null ? text : fullUserName(name), NAME_CHARACTERS_MAX);
};

/** A login that was refused. */
export interface RefusedLogin {
  /** The name that was tried; null where a token came without one. */
  readonly userName: string | null;
  readonly origin: Origin;
  /** In words, for the operator; the client is not told. */
  readonly reason: string;
}

/** A call that was denied. */
export interface DeniedCall {
  readonly doer: Doer;
  readonly operation: string;
  readonly origin?: Origin;
  /** What was asked for. */
  readonly objects: readonly ToldObject[];
  readonly reason: string;
}

export interface RefusalNeeds {
  readonly catalog: Pick<Catalog, "commit">;
  readonly clock: Pick<Clock, "now">;
  readonly journal: Pick<Journal, "trouble">;
  readonly names: TrailNames;
}

const originFacts = ({
  address,
  requestId,
}: Origin): Pick<AuditEntry, "address" | "requestId"> => ({
  ...(address === "" ? {} : { address }),
  ...(requestId === "" ? {} : { requestId }),
});

/**
 * What was refused, on its way to the trail. It has no commit of its own, so that it is counted here first and written every now
 * and then: whoever is refused waits for nothing, and whoever has himself refused a thousand times a second makes few rows.
 */
export class Refusals {
  readonly #needs: RefusalNeeds;
  readonly #folds = new RefusalFolds();
  #writing: Promise<void> = Promise.resolve();

  constructor(needs: RefusalNeeds) {
    this.#needs = needs;
  }

  loginRefused({ userName, origin, reason }: RefusedLogin): void {
    this.#count({
      event: "LOGIN_REFUSED",
      operation: "login.create",
      doer: { kind: "unknown", userName: userName === null ? "" : triedName(userName) },
      ...originFacts(origin),
      objects: [],
      reason: tamed(reason, REASON_CHARACTERS_MAX),
    });
  }

  denied({ doer, operation, origin, objects, reason }: DeniedCall): void {
    this.#count({
      event: "DENIED",
      operation,
      doer,
      ...(origin === undefined ? {} : originFacts(origin)),
      objects,
      reason: tamed(reason, REASON_CHARACTERS_MAX),
    });
  }

  /**
   * Writes what was counted so far: when it resolves it is kept. Never rejects: what could not be written is told in the journal,
   * and written the next time.
   */
  async write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow());
    await this.#writing;
  }

  #count(refused: Refused): void {
    this.#folds.count(refused, this.#needs.clock.now());
  }

  async #writeNow(): Promise<void> {
    const { catalog, clock, journal } = this.#needs;
    const taken = this.#folds.take(clock.now());
    if (taken.length === 0) return;
    try {
      const changes: Change[] = [];
      for (const { key, refused, count, firstAt, lastAt } of taken)
        changes.push({
          kind: "audit.put",
          entry: await this.#entryOf(refused, firstAt),
          count,
          lastAt,
          fold: { key, since: lastAt - FOLD_WINDOW_MS },
        });
      await catalog.commit(changes);
    } catch (error) {
      this.#folds.giveBack(taken);
      journal.trouble({ where: "recording refusals", error });
    }
  }

  async #entryOf({ doer, objects, ...facts }: Refused, at: number): Promise<AuditEntry> {
    const { names } = this.#needs;
    return {
      ...facts,
      actor: doer.kind === "unknown" ? doer : await names.actor(doer),
      objects: await names.objects().tell(objects),
      at,
    };
  }
}
