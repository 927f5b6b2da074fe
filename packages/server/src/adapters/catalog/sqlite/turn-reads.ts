import type { SQLInputValue } from "node:sqlite";
import type { Connection, Reads } from "./connection.ts";

/**
 * Reads of one turn of the event loop in one read transaction, because SQLite takes a lock for each transaction and that costs
 * more than finding a row. Whoever learns of a commit must `renew` before telling of it: reads after that see it.
 */
export class TurnReads implements Reads {
  readonly #connection: Connection;
  #isOpen = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get<Shape>(sql: string, ...values: readonly SQLInputValue[]): Shape | undefined {
    this.#enter();
    return this.#connection.get<Shape>(sql, ...values);
  }

  all<Shape>(sql: string, ...values: readonly SQLInputValue[]): readonly Shape[] {
    this.#enter();
    return this.#connection.all<Shape>(sql, ...values);
  }

  /** Every turn is a snapshot. */
  snapshot<Value>(read: () => Value): Value {
    this.#enter();
    return read();
  }

  /** Ends the present state; the next read begins with the newest. */
  renew(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#connection.inTransaction) this.#connection.run("COMMIT");
  }

  close(): void {
    this.renew();
    this.#connection.close();
  }

  #enter(): void {
    if (this.#isOpen) return;
    this.#connection.run("BEGIN");
    this.#isOpen = true;
    setImmediate(() => this.renew());
  }
}
