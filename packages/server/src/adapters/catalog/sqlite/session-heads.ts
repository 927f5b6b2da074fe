import type { UpdateSessionId } from "../../../domain/ids.ts";
import type { UpdateSession } from "../../../domain/update-session.ts";
import type { Row } from "../../../ports/row.ts";

/** Sessions whose heads are kept at most; clients ask again and again for the few that are under way. */
const HEADS_MAX = 1_000;

type Head = Row<UpdateSession> | null;

/**
 * Heads of update sessions as they were read since the last write. While a write is under way nothing is kept and nothing kept is
 * given, for what stands in the catalog may change at any moment then; so whoever asks sees what a read would have shown him.
 */
export class SessionHeads {
  readonly #heads = new Map<UpdateSessionId, Head>();
  #writes = 0;

  /** The head, by `read` where it is not known. */
  find(id: UpdateSessionId, read: () => Head): Head {
    if (this.#writes > 0) return read();
    const known = this.#heads.get(id);
    if (known !== undefined) return known;
    const head = read();
    if (this.#heads.size >= HEADS_MAX) this.#heads.clear();
    this.#heads.set(id, head);
    return head;
  }

  /** To be called before a write is handed on. */
  writeBegins(): void {
    this.#writes += 1;
    this.#heads.clear();
  }

  /** To be called when the write is over, whatever came of it. */
  writeEnds(): void {
    this.#writes -= 1;
  }
}
