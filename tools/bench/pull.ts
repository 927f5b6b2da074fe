import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startBaseline } from "./baseline.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding, skippedFinding } from "./finding.ts";
import { Api, startProductIn } from "./product.ts";
import { settleDisk, transferClient } from "./transfer.ts";

const LOOK_MS = 10;
const run = promisify(execFile);

interface PulledFile {
  readonly status: string;
  readonly error_message?: { readonly default_message: string };
}

/** Seconds from the adding of the file until it is READY, looked at every few milliseconds. */
async function pullInto(api: Api, itemId: string, uri: string): Promise<number> {
  const sessionId = await api.createSession(itemId);
  const files = `/content/library/item/update-session/${sessionId}/file`;
  await settleDisk();
  const startedMs = performance.now();
  await api.call("POST", files, {
    name: "disk.iso",
    source_type: "PULL",
    source_endpoint: { uri },
  });
  for (;;) {
    const file = (await api.call("GET", `${files}/disk.iso`)) as PulledFile;
    if (file.status === "READY") break;
    if (file.status === "ERROR") throw new Error(file.error_message?.default_message);
    await sleep(LOOK_MS);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  await api.act(sessionId, "cancel");
  return seconds;
}

/** Seconds of `curl -o F URL && sync F`. */
async function fetchInto(path: string, url: string): Promise<number> {
  await settleDisk();
  const startedMs = performance.now();
  await run("curl", ["-sSf", "-o", path, url]);
  await run("sync", [path]);
  const seconds = (performance.now() - startedMs) / 1000;
  rmSync(path);
  return seconds;
}

/** A file that the server fetches from another one on this machine, beside a command that does. */
export const pull: Measure = {
  name: "pull",
  async run(bench: Bench) {
    const { scratch, effort, nodeFlags } = bench;
    const measure = `pull of ${sizeText(effort.fileBytes)} from a server on this machine`;
    if (transferClient !== "curl") return [skippedFinding(measure, "curl is not installed")];
    const file = scratch.randomFile(effort.fileBytes);
    const folder = scratch.folder("fetched");
    await using source = await startBaseline({ folder, file: file.path });
    const settings = { CONTENTLIB_PULL_ALLOW: new URL(source.url).host };
    await using product = await startProductIn(scratch.folder("product"), nodeFlags, settings);
    const api = await Api.open(product.url);
    const [itemId = ""] = await api.createItems(1);
    const url = `${source.url}/file`;
    const rate = (seconds: number): number => file.sizeBytes / seconds / 1e6;
    const samples = {
      product: async () => rate(await pullInto(api, itemId, url)),
      curl: async () => rate(await fetchInto(join(folder, "file"), url)),
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = ratioFinding(
      {
        measure,
        product: { name: "contentlib", unit: "MB/s", values: values.product },
        baseline: { name: "curl -o FILE, then sync FILE", unit: "MB/s", values: values.curl },
        note: "from the adding of the file until it is READY, hashed and on the disk",
      },
      { sign: ">=", limit: 0.8 },
    );
    return [finding];
  },
};
