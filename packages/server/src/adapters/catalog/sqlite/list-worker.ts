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
  | { readonly kind: "free"; readonly list: number };

/** Reads the lists that are too long for the main thread. */
export interface ListWorkerData {
  readonly file: string;
}

const perform = (lists: HeldLists, request: ListRequest): string | ListPage | OpenedList | null => {
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
  }
};

const answer = (lists: HeldLists, { id, request }: Call<ListRequest>): Reply => {
  try {
    return { id, value: perform(lists, request) };
  } catch (error) {
    return { id, error: carryError(error) };
  }
};

serveCalls<ListRequest>(() => {
  const connection = Connection.openReader((workerData as ListWorkerData).file);
  const lists = new HeldLists(connection);
  return {
    *run(calls) {
      for (const call of calls) yield [answer(lists, call)];
    },
    close: () => connection.close(),
  };
});
