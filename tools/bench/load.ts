import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runJob } from "./child.ts";
import type { Series } from "./finding.ts";
import type { LoadJob, LoadRequest, LoadResult } from "./load-job.ts";
import { hasProcessFigures, processorSeconds } from "./process-figures.ts";
import { LOGIN_HEADER } from "./connection.ts";

const EXTRA_MS = 30_000;
const run = promisify(execFile);
const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;

/** Who sends loads of one request: `wrk` where it is installed. */
export const loadNote = hasWrk ? "load by wrk" : "load by a Node client in a process of its own";

const inLua = (text: string): string => `[==[${text}]==]`;

/** What `wrk` takes a request from, beside its address. */
const wrkScript = ({ method, login, body }: LoadRequest): string =>
  [
    `wrk.method = ${inLua(method)}`,
    ...(login === undefined ? [] : [`wrk.headers["${LOGIN_HEADER}"] = ${inLua(login)}`]),
    ...(body === undefined
      ? []
      : [
          `wrk.body = ${inLua(JSON.stringify(body))}`,
          `wrk.headers["Content-Type"] = "application/json"`,
        ]),
  ].join("\n");

async function loadByWrk(request: LoadRequest, job: LoadJob): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), "contentlib-bench-"));
  try {
    const script = join(folder, "request.lua");
    await writeFile(script, wrkScript(request));
    const seconds = `${String(Math.max(Math.round(job.durationMs / 1000), 1))}s`;
    const connections = `-c${String(job.connections)}`;
    const args = ["-t1", connections, `-d${seconds}`, "-s", script, request.url];
    const { stdout } = await run("wrk", args);
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
    const [, answers, rate] = /(\d+) requests in [^]*Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
    return { answers: Number(answers), seconds: Number(answers) / Number(rate) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function load(job: LoadJob): Promise<LoadResult> {
  const [request, ...others] = job.requests;
  return request !== undefined && others.length === 0 && hasWrk
    ? await loadByWrk(request, job)
    : await runJob<LoadResult>("load-job", job, job.durationMs + EXTRA_MS);
}

/** Loads one server and notes what each answer cost it in processor time. */
export class Loaded {
  readonly #microseconds: number[] = [];
  readonly #pid: number;
  readonly #job: LoadJob;

  constructor(pid: number, job: LoadJob) {
    this.#pid = pid;
    this.#job = job;
  }

  /** Answers in a second of one round. */
  async rate(): Promise<number> {
    const before = hasProcessFigures ? processorSeconds(this.#pid) : Number.NaN;
    const { answers, seconds } = await load(this.#job);
    const used = hasProcessFigures ? processorSeconds(this.#pid) - before : Number.NaN;
    this.#microseconds.push((used * 1e6) / answers);
    return answers / seconds;
  }

  /** Processor time of each round so far; nothing where the system does not tell. */
  cost(name: string): readonly Series[] {
    return hasProcessFigures
      ? [{ name, unit: "us of processor an answer", values: this.#microseconds }]
      : [];
  }
}
