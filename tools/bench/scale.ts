import type { Bench, Measure } from "./bench.ts";
import { runJob } from "./child.ts";
import { allowanceFinding, type Finding, ratioFinding, type Series } from "./finding.ts";
import { Api, type Product } from "./product.ts";
import type { ReadKind, ReadRequest, ReadsJob, ReadsResult } from "./reads-job.ts";
import type { SeededItem } from "./seed.ts";
import { startSeeded } from "./start-seeded.ts";

const JOB_TIMEOUT_MS = 300_000;
/** Steps through the items as if by chance, and through all of them before any is asked twice. */
const STRIDE = 7_919;

interface Seeded {
  readonly product: Product;
  readonly api: Api;
  readonly items: readonly SeededItem[];
  readonly results: ReadsResult[];
}

async function startScaled(bench: Bench, count: number): Promise<Seeded> {
  const { product, items } = await startSeeded(bench, { items: count });
  return { product, api: await Api.open(product.url), items, results: [] };
}

/** The reads of one round; `offset` makes rounds differ. */
function kindsOf({ api, items }: Seeded, count: number, offset: number): readonly ReadKind[] {
  const base = `${api.url}/api/content/library/item`;
  const picked = Array.from({ length: count }, (_, n) => {
    const item = items[((offset + n) * STRIDE) % items.length];
    if (item === undefined) throw new Error("There is an item for every index.");
    return item;
  });
  const kind = (name: string, request: (item: SeededItem) => ReadRequest): ReadKind => ({
    name,
    requests: picked.map(request),
  });
  return [
    kind("get", ({ sessionId }) => ({ method: "GET", url: `${base}/update-session/${sessionId}` })),
    kind("list by item", ({ id }) => ({
      method: "GET",
      url: `${base}/update-session?library_item_id=${id}`,
    })),
    kind("find by name", ({ name }) => ({
      method: "POST",
      url: `${base}?action=find`,
      body: { name },
    })),
  ];
}

const KINDS = ["get of a session", "list of an item's sessions", "find of an item by name"];

async function readOnce(seeded: Seeded, count: number, offset: number): Promise<ReadsResult> {
  const { url, login } = seeded.api;
  const job: ReadsJob = { url, login, kinds: kindsOf(seeded, count, offset) };
  return await runJob<ReadsResult>("reads-job", job, JOB_TIMEOUT_MS);
}

function findingsOf(index: number, few: Seeded, many: Seeded): readonly Finding[] {
  const what = KINDS[index] ?? "";
  const series = (seeded: Seeded, part: "p50Ms" | "p99Ms"): Series => ({
    name: `${String(seeded.items.length)} items and sessions`,
    unit: "ms",
    values: seeded.results.map((result) => result[index]?.[part] ?? Number.NaN),
  });
  const pair = (part: "p50Ms" | "p99Ms") => ({
    product: series(many, part),
    baseline: series(few, part),
  });
  const size = `at ${String(many.items.length)}`;
  return [
    ratioFinding({ measure: `${what}, p50 ${size}`, ...pair("p50Ms") }, { sign: "<=", limit: 1.5 }),
    allowanceFinding(
      { measure: `${what}, p99 ${size}`, ...pair("p99Ms") },
      { factor: 2, allowance: 2 },
    ),
  ];
}

export const scale: Measure = {
  name: "scale",
  async run(bench: Bench) {
    const { effort } = bench;
    const few = await startScaled(bench, effort.fewItems);
    await using _few = few.product;
    const many = await startScaled(bench, effort.manyItems);
    await using _many = many.product;
    const both = [few, many];
    for (const seeded of both) await readOnce(seeded, effort.readsPerRound, 0);
    for (let round = 0; round < effort.rounds; round += 1) {
      for (const seeded of round % 2 === 0 ? both : both.toReversed()) {
        const offset = (round + 1) * effort.readsPerRound;
        seeded.results.push(await readOnce(seeded, effort.readsPerRound, offset));
      }
    }
    return KINDS.flatMap((_, index) => findingsOf(index, few, many));
  },
};
