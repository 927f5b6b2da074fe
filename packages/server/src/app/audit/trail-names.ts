import type { AuditActor } from "../../domain/audit-entry.ts";
import type { ChangeSet, Doer } from "../../ports/index.ts";
import type { Places } from "../access/places.ts";
import { KnownNames } from "./known-names.ts";
import type { NameReader, NameSources } from "./object-names.ts";
import { ObjectNames } from "./object-names.ts";
import { TokenLabels } from "./token-labels.ts";

/** How long many alike are counted in one row, in milliseconds from the first of them. */
export const FOLD_WINDOW_MS = 10 * 60_000;

/** Says of everybody and everything what it is called, for the rows of the trail. */
export class TrailNames {
  readonly #sources: NameSources;
  readonly #labels: TokenLabels;

  constructor(catalog: NameReader, places: Places) {
    this.#sources = { catalog, places, names: new KnownNames() };
    this.#labels = new TokenLabels(catalog);
  }

  /** What there is before a commit, as the names are read from. */
  get reader(): NameReader {
    return this.#sources.catalog;
  }

  /** The names of objects as they are when the changes are committed. */
  objects(changes: ChangeSet = []): ObjectNames {
    return new ObjectNames(this.#sources, changes);
  }

  /** Learns what committed changes call things. */
  learnChanges(changes: ChangeSet): void {
    this.#sources.names.learnChanges(changes);
  }

  async actor(doer: Doer): Promise<AuditActor> {
    if (doer.kind === "server") return doer;
    const { accountId, userName, tokenId } = doer;
    const token =
      tokenId === undefined
        ? {}
        : { token: { id: tokenId, label: await this.#labels.of(tokenId) } };
    return { kind: "user", accountId, userName, ...token };
  }
}
