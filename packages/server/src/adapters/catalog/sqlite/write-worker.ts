import { workerData } from "node:worker_threads";
import { NewerCatalogError } from "./migrations.ts";
import { openTables } from "./open-tables.ts";
import { serveCalls } from "./worker-side.ts";
import { WriteEngine } from "./write-engine.ts";
import type { WriteRequest } from "./write-requests.ts";

/** The one thread that writes the catalog, so that no other ever waits for the disk. */
export interface WriteWorkerData {
  readonly file: string;
  readonly newServerGuid: string;
}

serveCalls<WriteRequest>(
  () => {
    const { file, newServerGuid } = workerData as WriteWorkerData;
    const connection = openTables(file, newServerGuid);
    const engine = new WriteEngine(connection);
    return {
      run: (calls) => engine.run(calls),
      takeFigures: () => engine.takeFigures(),
      close: () => connection.close(),
    };
  },
  (error) => (error instanceof NewerCatalogError ? { foundVersion: error.foundVersion } : {}),
);
