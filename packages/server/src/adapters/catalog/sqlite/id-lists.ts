import { LIST_IDLE_MAX_MS, PAGE_LENGTH_MAX, type Pages } from "../../../ports/catalog.ts";
import { PortError } from "../../../ports/port-error.ts";
import type { After } from "./after.ts";
import type { Reads } from "./connection.ts";
import { idCount, idsIn, type ListQuery, readIdText } from "./id-text.ts";
import { ListPlaces } from "./list-places.ts";
import type { ListSource } from "./list-source.ts";

/*
 *   short list ─▶ one statement in this thread ─▶ its only page
 *   long list  ─▶ place ─▶ open ─▶ page ─▶ asked for ─▶ next ─▶ page ... last page: freed
 *                                    └─ not asked for in time, or returned early: freed
 */

/** One more id than a page has tells that there are more pages. */
const PROBED_IDS = PAGE_LENGTH_MAX + 1;

/** What a list holds while it is read: a place, and the ids where the source keeps them. */
class Holding {
  readonly list: number;
  readonly #release: (list: number) => void;
  isHeld = true;

  constructor(list: number, release: (list: number) => void) {
    this.list = list;
    this.#release = release;
  }

  /** Ending twice is harmless. */
  end(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.#release(this.list);
  }
}

const givenUpError = (): PortError =>
  new PortError("cancelled", "Nobody asked for more of the list in time, so it was given up.");

/** Reads lists of ids in pages: short ones on the calling thread at once, long ones from a source that holds them. */
export class IdLists {
  readonly #reads: Reads;
  readonly #source: ListSource;
  readonly #after: After;
  readonly #places: ListPlaces;
  #lastList = 0;

  constructor(parts: {
    readonly reads: Reads;
    readonly source: ListSource;
    readonly after: After;
  }) {
    this.#reads = parts.reads;
    this.#source = parts.source;
    this.#after = parts.after;
    this.#places = new ListPlaces(parts.after);
  }

  /** Nothing is read before the first page is asked for. */
  pages<Id extends string>(query: ListQuery): Pages<Id> {
    return this.#pages<Id>(query, async () => readIdText(this.#reads, query, PROBED_IDS));
  }

  /** The same for a statement that may go through far more rows than it finds: this thread runs none of it. */
  pagesFromElsewhere<Id extends string>(query: ListQuery): Pages<Id> {
    return this.#pages<Id>(query, () => this.#source.first(query, PROBED_IDS));
  }

  async close(): Promise<void> {
    this.#places.close();
    await this.#source.close();
  }

  async *#pages<Id extends string>(
    query: ListQuery,
    probe: () => Promise<string>,
  ): AsyncGenerator<readonly Id[], void, undefined> {
    const text = await probe();
    if (idCount(text) > PAGE_LENGTH_MAX) yield* this.#longPages<Id>(query);
    else if (text !== "") yield idsIn<Id>(text);
  }

  async *#longPages<Id extends string>(
    query: ListQuery,
  ): AsyncGenerator<readonly Id[], void, undefined> {
    const holding = await this.#hold();
    try {
      let page = await this.#source.open(holding.list, query);
      while (!page.isLast) {
        const callOff = this.#after(LIST_IDLE_MAX_MS, () => holding.end());
        try {
          yield idsIn<Id>(page.text);
        } finally {
          callOff();
        }
        if (!holding.isHeld) throw givenUpError();
        page = await this.#source.next(holding.list);
      }
      holding.end();
      if (page.text !== "") yield idsIn<Id>(page.text);
    } finally {
      holding.end();
    }
  }

  async #hold(): Promise<Holding> {
    await this.#places.take();
    this.#lastList += 1;
    return new Holding(this.#lastList, (list) => {
      this.#source.free(list);
      this.#places.giveBack();
    });
  }
}
