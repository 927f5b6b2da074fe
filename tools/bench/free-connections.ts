import { HttpConnection } from "./connection.ts";

/** Connections that are free; a new one is opened when there is none. */
export class FreeConnections {
  readonly #url: string;
  readonly #free: HttpConnection[] = [];

  constructor(url: string) {
    this.#url = url;
  }

  async use<Result>(work: (connection: HttpConnection) => Promise<Result>): Promise<Result> {
    const connection = this.#free.pop() ?? (await HttpConnection.open(this.#url));
    const result = await work(connection);
    this.#free.push(connection);
    return result;
  }

  close(): void {
    for (const connection of this.#free) connection.close();
  }
}
