import { execFile, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startBaseline } from "./baseline.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { runJob } from "./child.ts";
import { ratioFinding, type Series } from "./finding.ts";
import type { GetJob, GetResult } from "./get-job.ts";
import { hasProcessFigures, processorSeconds } from "./process-figures.ts";
import { Api, startProduct } from "./product.ts";

const CONNECTIONS = 16;
const EXTRA_MS = 30_000;
const run = promisify(execFile);
const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;

/** Answers in a second, by `wrk` where it is installed. */
async function load(job: GetJob): Promise<number> {
  if (!hasWrk) return await runJob<GetResult>("get-job", job, job.durationMs + EXTRA_MS);
  const header = `vmware-api-session-id: ${job.login}`;
  const seconds = `${String(Math.max(Math.round(job.durationMs / 1000), 1))}s`;
  const { stdout } = await run("wrk", [
    "-t1",
    `-c${String(job.connections)}`,
    `-d${seconds}`,
    "-H",
    header,
    job.url,
  ]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN);
}

/** Loads one server and notes what each answer cost it in processor time. */
class Loaded {
  readonly microsecondsPerAnswer: number[] = [];
  readonly #pid: number;
  readonly #job: GetJob;

  constructor(pid: number, job: GetJob) {
    this.#pid = pid;
    this.#job = job;
  }

  async sample(): Promise<number> {
    const before = hasProcessFigures ? processorSeconds(this.#pid) : Number.NaN;
    const rate = await load(this.#job);
    const used = hasProcessFigures ? processorSeconds(this.#pid) - before : Number.NaN;
    this.microsecondsPerAnswer.push((used * 1e6) / ((rate * this.#job.durationMs) / 1000));
    return rate;
  }
}

export const getSession: Measure = {
  name: "get",
  async run(bench: Bench) {
    const { effort, scratch } = bench;
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const [itemId = ""] = await api.createItems(1);
    const path = `/content/library/item/update-session/${await api.createSession(itemId)}`;
    const folder = scratch.folder("baseline");
    const answerFile = join(folder, "answer.json");
    await writeFile(answerFile, JSON.stringify(await api.call("GET", path)));
    await using bare = await startBaseline({ folder, answerFile });
    const loadOn = (pid: number, url: string): Loaded =>
      new Loaded(pid, {
        url: `${url}/api${path}`,
        login: api.login,
        connections: CONNECTIONS,
        durationMs: effort.loadMs,
      });
    await inTurn(1, samplesOf(loadOn(product.pid, product.url), loadOn(bare.pid, bare.url)));
    const ours = loadOn(product.pid, product.url);
    const theirs = loadOn(bare.pid, bare.url);
    const values = await inTurn(effort.rounds, samplesOf(ours, theirs));
    const cost = (name: string, loaded: Loaded): Series => ({
      name,
      unit: "us of processor an answer",
      values: loaded.microsecondsPerAnswer,
    });
    const finding = ratioFinding(
      {
        measure: `GET of a session, ${String(CONNECTIONS)} connections, logged in`,
        product: { name: "contentlib", unit: "1/s", values: values.product },
        baseline: { name: "bare node:http, the same bytes", unit: "1/s", values: values.bare },
        beside: hasProcessFigures ? [cost("contentlib", ours), cost("bare node:http", theirs)] : [],
        note: hasWrk ? "load by wrk" : "load by a Node client in a process of its own",
      },
      { sign: ">=", limit: 0.6 },
    );
    return [finding];
  },
};

const samplesOf = (product: Loaded, bare: Loaded) => ({
  product: () => product.sample(),
  bare: () => bare.sample(),
});
