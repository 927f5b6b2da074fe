import type { UpdateSession } from "../../domain/update-session.ts";

/**
 * Which sessions are known to judge their files by the type of their item. An item's type changes so seldom, and a session is
 * looked at so often, that the item is not read for each look.
 */
export class TypeChanges {
  /** How often the type of any item, or what a library asks of a type, may have changed so far. */
  #count = 0;
  readonly #settledAt = new WeakMap<UpdateSession, number>();

  /** To be taken before the item is read, and given to `settle`. */
  get count(): number {
    return this.#count;
  }

  /** A change of an item's type is committed, or one of what its library asks of that. */
  changed(): void {
    this.#count += 1;
  }

  isSettled(session: UpdateSession): boolean {
    return this.#settledAt.get(session) === this.#count;
  }

  /** The item was read when so many changes had been, and has the session's type. */
  settle(session: UpdateSession, count: number): void {
    this.#settledAt.set(session, count);
  }
}
