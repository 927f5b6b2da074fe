import type { TokenId } from "../../domain/ids.ts";
import type { CatalogReader } from "../../ports/index.ts";

/** Most tokens whose labels are remembered; the one that was learned longest ago goes first. */
const LABELS_MAX = 10_000;

/** What tokens are called, which never changes: also of one that is gone, as long as somebody remembers it. */
export class TokenLabels {
  readonly #catalog: Pick<CatalogReader, "findTokenById">;
  readonly #known = new Map<TokenId, string>();

  constructor(catalog: Pick<CatalogReader, "findTokenById">) {
    this.#catalog = catalog;
  }

  /** Empty where it is not known any more. */
  async of(id: TokenId): Promise<string> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const token = await this.#catalog.findTokenById(id);
    if (token === null) return "";
    if (this.#known.size >= LABELS_MAX) {
      const oldest = this.#known.keys().next();
      if (oldest.done !== true) this.#known.delete(oldest.value);
    }
    this.#known.set(id, token.label);
    return token.label;
  }
}
