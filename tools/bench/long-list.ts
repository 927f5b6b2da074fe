import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Measure } from "./bench.ts";
import { startJob } from "./child.ts";
import { absoluteFinding, type Finding, ratioFinding, type Series } from "./finding.ts";
import type { ListsJob, ListsResult } from "./lists-job.ts";
import type { LoadRequest } from "./load-job.ts";
import type { PacedJob, PacedResult } from "./paced-job.ts";
import { hasProcessFigures, ownBytes, peakOwnBytes } from "./process-figures.ts";
import { Api } from "./product.ts";
import { type SeededProduct, startSeeded } from "./start-seeded.ts";
import {
  getSessionCalls,
  listItemsCalls,
  type WireCalls,
  type WireName,
  WIRES,
} from "./wire-calls.ts";

const JOB_TIMEOUT_MS = 300_000;
/** From one get of the other caller to the next. */
const PERIOD_MS = 4;
/** Reads of the list in a round. Before anything is measured, as many start threads and compile code. */
const LISTS_MIN = 5;
/** Long enough for memory of the lists before to be given back, as far as it ever is. */
const SETTLING_MS = 1_000;
/** As many lists as a server reads at once. */
const READERS_AT_ONCE = 16;
/** Room for what those lists hold, and not for holding it twice. */
const SMALL_HEAPS = ["--max-old-space-size=80", "--max-semi-space-size=2"] as const;
const MEGABYTE = 1e6;

/** One caller's gets while another one did what it did. */
interface Beside {
  readonly gets: PacedResult;
  readonly lists: ListsResult;
}

async function timeGets<Result>(
  get: LoadRequest,
  meanwhile: () => Promise<Result>,
): Promise<{ readonly gets: PacedResult; readonly result: Result }> {
  const job: PacedJob = { request: get, periodMs: PERIOD_MS };
  const running = startJob<PacedResult>("paced-job", job, JOB_TIMEOUT_MS);
  const finishing = meanwhile().finally(() => running.finish());
  const [gets, result] = await Promise.all([running.result, finishing]);
  return { gets, result };
}

async function timeBesideLists(
  { get, list }: { readonly get: LoadRequest; readonly list: LoadRequest },
  durationMs: number,
): Promise<Beside> {
  const { gets, result } = await timeGets(get, () => readLists(list, durationMs));
  return { gets, lists: result };
}

/** Has the list read for so long, and a few times at least. */
async function readLists(list: LoadRequest, durationMs: number, readers = 1): Promise<ListsResult> {
  const job: ListsJob = { request: list, readers, timesMin: LISTS_MIN };
  const running = startJob<ListsResult>("lists-job", job, JOB_TIMEOUT_MS);
  const finishing = sleep(durationMs).then(() => running.finish());
  const [result] = await Promise.all([running.result, finishing]);
  return result;
}

interface Rounds {
  readonly idle: readonly PacedResult[];
  readonly beside: readonly Beside[];
}

function latencyFinding(wire: WireName, items: number, { idle, beside }: Rounds): Finding {
  const gets = (
    name: string,
    results: readonly PacedResult[],
    part: "p50Ms" | "p99Ms",
  ): Series => ({
    name,
    unit: "ms",
    values: results.map((result) => result[part]),
  });
  const busy = beside.map((round) => round.gets);
  const lists = beside.map((round) => round.lists);
  const fewestGets = Math.min(...busy.map(({ calls }) => calls));
  const fewestLists = Math.min(...lists.map((round) => round.lists));
  return absoluteFinding(
    {
      measure: `get of another caller, p99 beside lists of ${String(items)} items on ${wire}`,
      product: gets("contentlib", busy, "p99Ms"),
      baseline: gets("the same without lists", idle, "p99Ms"),
      beside: [
        gets("p50 beside lists", busy, "p50Ms"),
        gets("p50 without lists", idle, "p50Ms"),
        { name: "one list", unit: "ms", values: lists.map(({ medianMs }) => medianMs) },
      ],
      note: `${String(fewestGets)} gets and ${String(fewestLists)} lists or more a round`,
    },
    { sign: "<=", limit: 20 },
  );
}

async function measureLatency(
  { get, lists }: Pick<Ground, "get" | "lists">,
  effort: Bench["effort"],
): Promise<readonly Finding[]> {
  const idle: PacedResult[] = [];
  const beside = WIRES.map((): Beside[] => []);
  for (let round = 0; round < effort.rounds; round += 1) {
    idle.push((await timeGets(get, () => sleep(effort.idleMs))).gets);
    for (const [index, wire] of WIRES.entries()) {
      const requests = { get, list: lists[wire] };
      beside[index]?.push(await timeBesideLists(requests, effort.idleMs));
    }
  }
  return WIRES.map((wire, index) =>
    latencyFinding(wire, effort.manyItems, { idle, beside: beside[index] ?? [] }),
  );
}

interface Ground {
  readonly get: LoadRequest;
  readonly lists: WireCalls;
  /** Of one answer on /api. */
  readonly sizeBytes: number;
}

/** A library with all the items, and a session on one of them. */
async function startWithItems(bench: Bench): Promise<SeededProduct> {
  return await startSeeded(bench, { items: bench.effort.manyItems, libraries: 1, sessions: 1 });
}

/** What is asked of the server; every list has been read a few times. */
async function prepare({ product, items }: SeededProduct): Promise<Ground> {
  const api = await Api.open(product.url);
  const [first] = items;
  if (first === undefined) throw new Error("There is at least one item.");
  const lists = listItemsCalls(api, first.libraryId);
  for (const wire of WIRES) await readLists(lists[wire], 0);
  const { sizeBytes } = await readLists(lists["/api"], 0);
  return { get: getSessionCalls(api, first.sessionId)["/api"], lists, sizeBytes };
}

/** Many lists at once, in heaps so small that garbage is collected before it hides what is held. */
async function measureMemory(bench: Bench): Promise<readonly Finding[]> {
  if (!hasProcessFigures) return [];
  const nodeFlags = [...bench.nodeFlags, ...SMALL_HEAPS];
  const seeded = await startWithItems({ ...bench, nodeFlags });
  await using product = seeded.product;
  const { lists, sizeBytes } = await prepare(seeded);
  await sleep(SETTLING_MS);
  const idleBytes = ownBytes(product.pid);
  const values: number[] = [];
  for (let round = 0; round < bench.effort.rounds; round += 1) {
    const peakBytes = await peakOwnBytes(product.pid, async () => {
      await readLists(lists["/api"], 0, READERS_AT_ONCE);
    });
    values.push((peakBytes - idleBytes) / READERS_AT_ONCE / MEGABYTE);
  }
  const finding = ratioFinding(
    {
      measure: `peak less idle memory of ${String(READERS_AT_ONCE)} long lists at once, of each`,
      product: { name: "contentlib", unit: "MB", values },
      baseline: { name: "one answer", unit: "MB", values: [sizeBytes / MEGABYTE] },
      note: `with ${SMALL_HEAPS.join(" ")}; without what is mapped from files`,
    },
    { sign: "<=", limit: 2 },
  );
  return [finding];
}

export const longList: Measure = {
  name: "long-list",
  async run(bench: Bench) {
    const findings = await measureMemory(bench);
    const seeded = await startWithItems(bench);
    await using _product = seeded.product;
    const latencies = await measureLatency(await prepare(seeded), bench.effort);
    return [...latencies, ...findings];
  },
};
