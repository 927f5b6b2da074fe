import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { beforeEach, test } from "node:test";
import type { Worker } from "node:worker_threads";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { PAGE_LENGTH_MAX } from "../../../ports/pages.ts";
import { WorkerListSource } from "./list-source.ts";
import { openTables } from "./open-tables.ts";

const LIST = 1;
const OTHER_LIST = 2;
/** One id more than a page has, without rows to read them from. */
const query = {
  sql: `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n <= ?)
    SELECT printf('%036d', n) AS id FROM numbers LIMIT ?`,
  values: [PAGE_LENGTH_MAX],
};

const ROWS = { sql: "SELECT ? AS text, 1 AS number", values: ["a"] };

const workers: Worker[] = [];
process.on("worker", (worker: Worker) => workers.push(worker));
beforeEach(() => {
  workers.length = 0;
});

const withSource = (body: (source: WorkerListSource) => Promise<void>): Promise<void> =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const tables = openTables(file, "a server");
    const source = new WorkerListSource(file);
    await body(source);
    await source.close();
    tables.close();
  });

test("a worker that died is replaced at the next list, and what it held is gone", () =>
  withSource(async (source) => {
    await source.open(LIST, query);
    await workers[0]?.terminate();
    await assert.rejects(source.next(LIST), (error) => {
      portErrorWith("unavailable")(error);
      assert.equal((error as { readonly retry?: unknown }).retry, "safe");
      return true;
    });
    source.free(LIST);
    assert.equal((await source.open(OTHER_LIST, query)).isLast, false);
    assert.equal((await source.next(OTHER_LIST)).isLast, true);
    assert.notEqual(await source.first(query, 1), "");
    assert.equal(workers.length, 2);
  }));

test("what waits when the worker dies is refused, and the one who asks again at once is served", () =>
  withSource(async (source) => {
    await source.first(query, 1);
    const waiting = source.open(LIST, query);
    const ending = workers[0]?.terminate();
    await assert.rejects(waiting, portErrorWith("unavailable"));
    assert.equal((await source.open(OTHER_LIST, query)).isLast, false);
    await ending;
  }));

test("rows are read by whatever worker there is, and a statement that fails tells why", () =>
  withSource(async (source) => {
    assert.deepEqual(await source.read(ROWS), [{ text: "a", number: 1 }]);
    await workers[0]?.terminate();
    assert.deepEqual(await source.read(ROWS), [{ text: "a", number: 1 }]);
    await assert.rejects(source.read({ sql: "SELECT * FROM nowhere", values: [] }), /nowhere/);
    assert.equal(workers.length, 2);
  }));

test("a worker that can not begin is tried again at the next list", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const source = new WorkerListSource(file);
    await assert.rejects(source.first(query, 1));
    const tables = openTables(file, "a server");
    assert.notEqual(await source.first(query, 1), "");
    await source.close();
    tables.close();
  }));

test("a source that is closed starts no worker, whether it had one or not", () =>
  withSource(async (source) => {
    await source.open(LIST, query);
    await source.close();
    const asked = [
      source.next(LIST),
      source.open(OTHER_LIST, query),
      source.first(query, 1),
      source.read(ROWS),
    ];
    for (const ask of asked) await assert.rejects(ask, portErrorWith("unavailable"));
    assert.equal(workers.length, 1);
  }));
