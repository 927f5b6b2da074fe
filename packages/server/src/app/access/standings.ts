import type { Rights } from "../../domain/access/rights.ts";
import { NO_RIGHTS, roleMapOf } from "../../domain/access/rights.ts";
import type { AccountId, Instant, TokenId } from "../../domain/ids.ts";
import type { CatalogReader, Clock } from "../../ports/index.ts";

/** How somebody stands with the server: whether he is let in at all, and what he may do. */
export interface Standing {
  /** False for an account that is gone or disabled, and for a token that was revoked or has expired. */
  readonly isLetIn: boolean;
  readonly rights: Rights;
  /** When the token expires; null when nothing does. */
  readonly endsAt: Instant | null;
}

/** Who came, and by which token. */
export interface Presence {
  readonly accountId: AccountId;
  readonly tokenId?: TokenId;
}

/** Most standings in memory; the one that was read longest ago goes first. */
const STANDINGS_MAX = 10_000;

/** How somebody stands who is not let in. */
export const SHUT_OUT: Standing = { isLetIn: false, rights: NO_RIGHTS, endsAt: null };

const keyOf = ({ accountId, tokenId }: Presence): string => `${accountId} ${tokenId ?? ""}`;

type StandingReader = Pick<CatalogReader, "findAccount" | "findTokenById" | "grantsFor">;

/**
 * How everybody stands, read once and kept until anything about access changes. What was read before a change is never kept
 * after it.
 */
export class Standings {
  readonly #catalog: StandingReader;
  readonly #clock: Pick<Clock, "now">;
  readonly #known = new Map<string, Standing>();
  /** The same by who asked, for callers in memory: making up a key for each call costs more than all else that is done here. */
  readonly #seen = new WeakMap<
    Presence,
    { readonly generation: number; readonly standing: Standing }
  >();
  #generation = 0;

  constructor(catalog: StandingReader, clock: Pick<Clock, "now">) {
    this.#catalog = catalog;
    this.#clock = clock;
  }

  /** Grows with every change about access: as long as it stays, everybody stands as before. */
  get generation(): number {
    return this.#generation;
  }

  /** Something about access has changed, and the change is committed. */
  changed(): void {
    this.#generation += 1;
    this.#known.clear();
  }

  /** How somebody stands who asked before with the very same object, as long as nothing about access has changed since; else null. */
  present(who: Presence): Standing | null {
    const seen = this.#seen.get(who);
    if (seen === undefined || seen.generation !== this.#generation) return null;
    return this.#inTime(seen.standing);
  }

  async of(who: Presence): Promise<Standing> {
    const key = keyOf(who);
    for (;;) {
      const generation = this.#generation;
      const known = this.#known.get(key);
      const standing = known ?? (await this.#read(who));
      if (generation !== this.#generation) continue;
      if (known === undefined) this.#keep(key, standing);
      this.#seen.set(who, { generation, standing });
      return this.#inTime(standing);
    }
  }

  #inTime(standing: Standing): Standing {
    return standing.endsAt !== null && standing.endsAt <= this.#clock.now() ? SHUT_OUT : standing;
  }

  #keep(key: string, standing: Standing): void {
    if (this.#known.size >= STANDINGS_MAX) {
      const oldest = this.#known.keys().next();
      if (oldest.done !== true) this.#known.delete(oldest.value);
    }
    this.#known.set(key, standing);
  }

  async #read({ accountId, tokenId }: Presence): Promise<Standing> {
    const account = await this.#catalog.findAccount(accountId);
    if (account === null || account.value.isDisabled) return SHUT_OUT;
    const token = tokenId === undefined ? null : await this.#catalog.findTokenById(tokenId);
    // A token without grants may do all its account may: one that is not there any more must not look like that.
    if (tokenId !== undefined && token === null) return SHUT_OUT;
    const grants = await this.#catalog.grantsFor(accountId, tokenId ?? null);
    return {
      isLetIn: true,
      rights: {
        account: roleMapOf(grants.account),
        // A token that was ever cut down stays so, also when its last grant went with a library.
        token:
          token?.isCutDown === true || grants.token.length > 0 ? roleMapOf(grants.token) : null,
      },
      endsAt: token?.expiresAt ?? null,
    };
  }
}
