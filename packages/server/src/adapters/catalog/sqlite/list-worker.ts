import type { SQLInputValue } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { type Call, carryError, type Reply } from "./calls.ts";
import { Connection } from "./connection.ts";
import { serveCalls } from "./worker-side.ts";

/** A statement that gives one column, `id`. */
export interface ListRequest {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Reads the lists that are too long for the main thread. */
export interface ListWorkerData {
  readonly file: string;
}

const answer = (connection: Connection, { id, request }: Call<ListRequest>): Reply => {
  try {
    const rows = connection.all<{ readonly id: string }>(request.sql, ...request.values);
    return { id, value: rows.map((row) => row.id) };
  } catch (error) {
    return { id, error: carryError(error) };
  }
};

serveCalls<ListRequest>(() => {
  const connection = Connection.openReader((workerData as ListWorkerData).file);
  return {
    *run(calls) {
      for (const call of calls) yield [answer(connection, call)];
    },
    close: () => connection.close(),
  };
});
