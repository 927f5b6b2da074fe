import { PAGE_LENGTH_MAX } from "../../../ports/pages.ts";
import type { Reads } from "./connection.ts";
import { idCount, type ListQuery, readIdText, textOfIds, UNLIMITED } from "./id-text.ts";

/** The next ids of a long list. After the last page nothing of the list is held. */
export interface ListPage {
  readonly text: string;
  readonly isLast: boolean;
}

/** The first page of a list, and how much is held of the list from now on. */
export interface OpenedList extends ListPage {
  readonly heldBytes: number;
}

interface HeldList {
  readonly text: string;
  from: number;
}

/** Holds long lists, each read at once by one statement, and cuts page after page from them. No statement stays open. */
export class HeldLists {
  readonly #reads: Pick<Reads, "get">;
  readonly #lists = new Map<number, HeldList>();

  constructor(reads: Pick<Reads, "get">) {
    this.#reads = reads;
  }

  /** The ids that a list begins with, of which nothing is held. */
  first(query: ListQuery, idsMax: number): string {
    return readIdText(this.#reads, query, idsMax);
  }

  /** Reads the list under a number of the caller's choice, and gives its first page. */
  open(list: number, query: ListQuery): OpenedList {
    const text = readIdText(this.#reads, query, UNLIMITED);
    this.#lists.set(list, { text, from: 0 });
    const page = this.next(list);
    // Ids are ASCII, of which a text takes a byte each.
    return { ...page, heldBytes: page.isLast ? 0 : text.length };
  }

  next(list: number): ListPage {
    const held = this.#lists.get(list);
    if (held === undefined) throw new Error("A list was read on after it had been freed.");
    const text = textOfIds(held.text, held.from, PAGE_LENGTH_MAX);
    held.from += PAGE_LENGTH_MAX;
    const isLast = held.from >= idCount(held.text);
    if (isLast) this.free(list);
    return { text, isLast };
  }

  /** Freeing twice is harmless. */
  free(list: number): void {
    this.#lists.delete(list);
  }

  get count(): number {
    return this.#lists.size;
  }
}
