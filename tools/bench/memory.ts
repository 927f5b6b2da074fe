import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { absoluteFinding, ratioFinding } from "./finding.ts";
import { hasProcessFigures, peakResidentBytes, residentBytes } from "./process-figures.ts";
import { Api, startProduct, type UploadTicket } from "./product.ts";
import { sendFile, settleDisk } from "./transfer.ts";

/** Long enough for what a start leaves behind to be given back. */
const SETTLING_MS = 1_000;

/** Peak less idle memory of a fresh server while it takes `count` uploads of the file at once, in MB. */
async function growth(bench: Bench, path: string, count: number): Promise<number> {
  await using product = await startProduct(bench);
  const api = await Api.open(product.url);
  const tickets: UploadTicket[] = [];
  for (const itemId of await api.createItems(count)) tickets.push(await api.openUpload(itemId));
  await settleDisk();
  await sleep(SETTLING_MS);
  const idleBytes = residentBytes(product.pid);
  const peakBytes = await peakResidentBytes(product.pid, async () => {
    await Promise.all(tickets.map(({ url }) => sendFile(path, url)));
  });
  for (const { sessionId } of tickets) await api.act(sessionId, "cancel");
  return (peakBytes - idleBytes) / 1e6;
}

export const memory: Measure = {
  name: "memory",
  async run(bench: Bench) {
    if (!hasProcessFigures) throw new Error("This system does not show what a process takes.");
    const { effort, scratch } = bench;
    const one = scratch.randomFile(effort.fileBytes).path;
    const huge = scratch.holeFile(effort.hugeFileBytes);
    const values = await inTurn(effort.rounds, {
      one: () => growth(bench, one, 1),
      many: () => growth(bench, one, effort.uploadsAtOnce),
      huge: () => growth(bench, huge, 1),
    });
    const baseline = {
      name: `one upload of ${sizeText(effort.fileBytes)}`,
      unit: "MB",
      values: values.one,
    };
    const product = { name: "contentlib", unit: "MB" };
    return [
      absoluteFinding(
        {
          measure: `peak less idle memory, ${String(effort.uploadsAtOnce)} uploads of ${sizeText(effort.fileBytes)}`,
          product: { ...product, values: values.many },
          baseline,
        },
        { sign: "<=", limit: 192 },
      ),
      ratioFinding(
        {
          measure: `peak less idle memory, one upload of ${sizeText(effort.hugeFileBytes)}`,
          product: { ...product, values: values.huge },
          baseline,
        },
        { sign: "<=", limit: 1.1 },
      ),
    ];
  },
};
