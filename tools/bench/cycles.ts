import { startCommitServer } from "./baseline.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { runJob } from "./child.ts";
import type { CommitsJob, CommitsResult } from "./commits-job.ts";
import type { CyclesJob, CyclesResult } from "./cycles-job.ts";
import { ratioFinding, type Series } from "./finding.ts";
import type { LoadJob, LoadResult } from "./load-job.ts";
import { Api, startProduct } from "./product.ts";

const CONNECTIONS = 64;
/** Create, cancel and delete are one durable commit each. */
const COMMITS_PER_CYCLE = 3;
const EXTRA_MS = 30_000;

export const cycles: Measure = {
  name: "cycles",
  async run(bench: Bench) {
    const { effort, scratch } = bench;
    await using product = await startProduct(bench);
    await using bareServer = await startCommitServer(scratch.folder("commit-server"));
    const api = await Api.open(product.url);
    const allItems = await api.createItems(CONNECTIONS);
    const { url, login } = api;
    const durationMs = effort.loadMs;
    const cyclesOn = async (items: readonly string[]): Promise<number> => {
      const job: CyclesJob = { url, login, items, durationMs };
      return await runJob<CyclesResult>("cycles-job", job, durationMs + EXTRA_MS);
    };
    const samples = {
      many: () => cyclesOn(allItems),
      one: () => cyclesOn(allItems.slice(0, 1)),
      bare: async () => {
        const job: CommitsJob = { folder: scratch.folder("commits"), durationMs };
        return await runJob<CommitsResult>("commits-job", job, durationMs + EXTRA_MS);
      },
      served: async () => {
        const job: LoadJob = {
          requests: [{ method: "GET", url: bareServer.url }],
          connections: 1,
          durationMs,
        };
        const result = await runJob<LoadResult>("load-job", job, durationMs + EXTRA_MS);
        return result.answers / result.seconds;
      },
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const one: Series = { name: "contentlib, 1 connection", unit: "cycles/s", values: values.one };
    return [
      ratioFinding(
        {
          measure: `create, cancel and delete of sessions, ${String(CONNECTIONS)} connections`,
          product: { name: "contentlib", unit: "cycles/s", values: values.many },
          baseline: one,
        },
        { sign: ">=", limit: 4 },
      ),
      ratioFinding(
        {
          measure: "the same on 1 connection, in commits",
          product: {
            name: "contentlib",
            unit: "commits/s",
            values: values.one.map((rate) => rate * COMMITS_PER_CYCLE),
          },
          baseline: { name: "SQLite, bare synced commits", unit: "commits/s", values: values.bare },
          beside: [
            {
              name: "bare node:http, one commit a request on its own thread, 1 connection",
              unit: "commits/s",
              values: values.served,
            },
          ],
        },
        { sign: ">=", limit: 0.5 },
      ),
    ];
  },
};
