import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, Measure } from "./bench.ts";
import { startJob } from "./child.ts";
import type { CommandsJob, CommandsResult } from "./commands-job.ts";
import { sizeText } from "./effort.ts";
import { absoluteFinding, type Finding } from "./finding.ts";
import { Api, startProduct } from "./product.ts";
import { sendFile, settleDisk } from "./transfer.ts";

const JOB_TIMEOUT_MS = 600_000;
const PERIOD_MS = 20;
/** More than ever wait for an answer at once. */
const FREE_ITEMS = 400;

interface Ground {
  readonly api: Api;
  readonly commandItems: readonly string[];
  readonly uploadItems: readonly string[];
}

async function timeCommands(
  ground: Ground,
  meanwhile: () => Promise<void>,
): Promise<CommandsResult> {
  const { url, login } = ground.api;
  const job: CommandsJob = { url, login, items: ground.commandItems, periodMs: PERIOD_MS };
  const running = startJob<CommandsResult>("commands-job", job, JOB_TIMEOUT_MS);
  const finishing = meanwhile().finally(() => running.finish());
  const [result] = await Promise.all([running.result, finishing]);
  return result;
}

async function uploadAll(ground: Ground, path: string): Promise<void> {
  const tickets = await Promise.all(ground.uploadItems.map((id) => ground.api.openUpload(id)));
  await Promise.all(tickets.map(({ url }) => sendFile(path, url)));
  for (const { sessionId } of tickets) await ground.api.act(sessionId, "cancel");
}

export const latency: Measure = {
  name: "latency",
  async run(bench: Bench) {
    const { effort, scratch } = bench;
    const { path } = scratch.randomFile(effort.fileBytes);
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const items = await api.createItems(FREE_ITEMS + effort.uploadsBesideCommands);
    const uploadItems = items.slice(FREE_ITEMS);
    const ground: Ground = { api, commandItems: items.slice(0, FREE_ITEMS), uploadItems };
    const idle: CommandsResult[] = [];
    const busy: CommandsResult[] = [];
    await timeCommands(ground, () => sleep(effort.idleMs));
    for (let round = 0; round < effort.rounds; round += 1) {
      await settleDisk();
      idle.push(await timeCommands(ground, () => sleep(effort.idleMs)));
      busy.push(await timeCommands(ground, () => uploadAll(ground, path)));
    }
    const finding = (what: string, p99: (result: CommandsResult) => number): Finding =>
      absoluteFinding(
        {
          measure: `${what}, p99 beside ${String(effort.uploadsBesideCommands)} uploads of ${sizeText(effort.fileBytes)}`,
          product: { name: "contentlib", unit: "ms", values: busy.map(p99) },
          baseline: { name: "the same without uploads", unit: "ms", values: idle.map(p99) },
          note: `${String(Math.min(...busy.map(({ calls }) => calls)))} calls or more a round`,
        },
        { sign: "<=", limit: 50 },
      );
    return [
      finding("list of sessions", (result) => result.listP99Ms),
      finding("create of a session", (result) => result.createP99Ms),
    ];
  },
};
