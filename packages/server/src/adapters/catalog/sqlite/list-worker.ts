import type { SQLInputValue } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { type Call, carryError, type Reply } from "./calls.ts";
import { Connection } from "./connection.ts";
import { HeldLists, type ListPage, type OpenedList } from "./held-lists.ts";
import type { ListQuery } from "./id-text.ts";
import { serveCalls } from "./worker-side.ts";

/** What is asked of the thread that reads long lists. */
export type ListRequest =
  | { readonly kind: "first"; readonly query: ListQuery; readonly idsMax: number }
  | { readonly kind: "open"; readonly list: number; readonly query: ListQuery }
  | { readonly kind: "next"; readonly list: number }
  | { readonly kind: "free"; readonly list: number }
  | { readonly kind: "read"; readonly query: RowsQuery };

/** A statement that gives rows, with its values. */
export interface RowsQuery {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Reads the lists that are too long for the main thread. */
export interface ListWorkerData {
  readonly file: string;
}

interface Parts {
  readonly connection: Connection;
  readonly lists: HeldLists;
}

type ListAnswer = string | ListPage | OpenedList | readonly unknown[] | null;

const perform = ({ connection, lists }: Parts, request: ListRequest): ListAnswer => {
  switch (request.kind) {
    case "first":
      return lists.first(request.query, request.idsMax);
    case "open":
      return lists.open(request.list, request.query);
    case "next":
      return lists.next(request.list);
    case "free":
      lists.free(request.list);
      return null;
    case "read":
      return connection.all(request.query.sql, ...request.query.values);
  }
};

const answer = (parts: Parts, { id, request }: Call<ListRequest>): Reply => {
  try {
    return { id, value: perform(parts, request) };
  } catch (error) {
    return { id, error: carryError(error) };
  }
};

serveCalls<ListRequest>(() => {
  const connection = Connection.openReader((workerData as ListWorkerData).file);
  const parts = { connection, lists: new HeldLists(connection) };
  return {
    *run(calls) {
      for (const call of calls) yield [answer(parts, call)];
    },
    close: () => connection.close(),
  };
});
