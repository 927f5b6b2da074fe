import { LIST_IDLE_MAX_MS, PAGE_LENGTH_MAX, type Pages } from "../../../ports/pages.ts";
import { PortError } from "../../../ports/port-error.ts";
import type { After } from "./after.ts";
import type { Reads } from "./connection.ts";
import { idCount, idsIn, type ListQuery, readIdText } from "./id-text.ts";
import type { ListPage, OpenedList } from "./held-lists.ts";
import { HELD_LIST_BYTES_MAX, ListPlaces } from "./list-places.ts";
import type { ListSource } from "./list-source.ts";

/*
 *   short list ─▶ one statement in this thread ─▶ its only page
 *   long list  ─▶ room  ─▶ open ─▶ page ─▶ asked for ─▶ next ─▶ page ... last page: freed
 *                                    └─ not asked for in time, or returned early: freed
 */

/** One more id than a page has tells that there are more pages. */
const PROBED_IDS = PAGE_LENGTH_MAX + 1;

/** What a list holds while it is read: its room, and the ids where the source keeps them. */
class Holding {
  readonly list: number;
  readonly #release: () => void;
  isHeld = true;

  constructor(list: number, release: () => void) {
    this.list = list;
    this.#release = release;
  }

  /** Ending twice is harmless. */
  end(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.#release();
  }
}

/** A list of which there is more than its first page. */
interface Begun {
  readonly holding: Holding;
  readonly first: OpenedList;
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
    /** How much long lists may hold together, in bytes. */
    readonly heldBytesMax?: number;
  }) {
    this.#reads = parts.reads;
    this.#source = parts.source;
    this.#after = parts.after;
    this.#places = new ListPlaces(parts.after, parts.heldBytesMax ?? HELD_LIST_BYTES_MAX);
  }

  /** Nothing is read before the first page is asked for. */
  pages<Id extends string>(query: ListQuery): Pages<Id> {
    return this.#pages<Id>(query, async () => readIdText(this.#reads, query, PROBED_IDS));
  }

  /** The same for a statement that may go through far more rows than it finds: this thread runs none of it. */
  pagesFromElsewhere<Id extends string>(query: ListQuery): Pages<Id> {
    return this.#pages<Id>(query, () => this.#source.first(query, PROBED_IDS));
  }

  /** The same for one of our own duties, which must run however many callers read lists: it waits for no room, and takes none. */
  pagesOfDuty<Id extends string>(query: ListQuery): Pages<Id> {
    const probe = async (): Promise<string> => readIdText(this.#reads, query, PROBED_IDS);
    return this.#pages<Id>(query, probe, null);
  }

  async close(): Promise<void> {
    this.#places.close();
    await this.#source.close();
  }

  async *#pages<Id extends string>(
    query: ListQuery,
    probe: () => Promise<string>,
    places: ListPlaces | null = this.#places,
  ): AsyncGenerator<readonly Id[], void, undefined> {
    const text = await probe();
    if (idCount(text) > PAGE_LENGTH_MAX) yield* this.#longPages<Id>(query, places);
    else if (text !== "") yield idsIn<Id>(text);
  }

  async *#longPages<Id extends string>(
    query: ListQuery,
    places: ListPlaces | null,
  ): AsyncGenerator<readonly Id[], void, undefined> {
    const { holding, first } = await this.#begin(query, places);
    try {
      let page: ListPage = first;
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

  async #begin(query: ListQuery, places: ListPlaces | null): Promise<Begun> {
    await places?.take();
    this.#lastList += 1;
    const list = this.#lastList;
    let heldBytes = 0;
    try {
      const first = await this.#source.open(list, query);
      heldBytes = first.heldBytes;
      const holding = new Holding(list, () => {
        this.#source.free(list);
        places?.giveBack(heldBytes);
      });
      return { holding, first };
    } catch (error) {
      this.#source.free(list);
      throw error;
    } finally {
      places?.opened(heldBytes);
    }
  }
}
