import { rm } from "node:fs/promises";
import { join } from "node:path";
import { startBaseline } from "./baseline.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding, reportedFinding, type Series } from "./finding.ts";
import { Api, startProduct, startTlsProduct } from "./product.ts";
import type { SourceFile } from "./scratch.ts";
import { sendFile, settleDisk, transferClient } from "./transfer.ts";

const megabytesPerSecond = (bytes: number, seconds: number): number => bytes / seconds / 1e6;

/** Ways to upload the file to one of our servers. */
interface Target {
  readonly api: Api;
  readonly itemId: string;
  /** Path of the server's certificate, for TLS. */
  readonly ca?: string;
}

async function targetOn({
  url,
  ca,
}: {
  readonly url: string;
  readonly ca?: string;
}): Promise<Target> {
  const api = await Api.open(url);
  const [itemId = ""] = await api.createItems(1);
  return { api, itemId, ...(ca === undefined ? {} : { ca }) };
}

/** One verified and synced upload, its bytes given up again after the clock was stopped. */
async function uploadToProduct({ api, itemId, ca }: Target, file: SourceFile): Promise<number> {
  const { sessionId, url } = await api.openUpload(itemId, file.sha256);
  await settleDisk();
  const seconds = await sendFile(file.path, url, ca);
  await api.act(sessionId, "cancel");
  return megabytesPerSecond(file.sizeBytes, seconds);
}

async function uploadToBaseline(
  server: { readonly url: string; readonly folder: string },
  way: "pipeline" | "gather",
  file: SourceFile,
): Promise<number> {
  await settleDisk();
  const seconds = await sendFile(file.path, `${server.url}/${way}/upload`);
  await rm(join(server.folder, "upload"));
  return megabytesPerSecond(file.sizeBytes, seconds);
}

export const upload: Measure = {
  name: "upload",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const file = scratch.randomFile(effort.fileBytes);
    const folder = scratch.folder("baseline");
    await using bare = await startBaseline({ folder });
    await using product = await startProduct(bench);
    await using secured = await startTlsProduct(bench);
    const plain = await targetOn(product);
    const overTls = await targetOn(secured);
    const baseline = { url: bare.url, folder };
    const samples = {
      product: () => uploadToProduct(plain, file),
      secured: () => uploadToProduct(overTls, file),
      pipeline: () => uploadToBaseline(baseline, "pipeline", file),
      gather: () => uploadToBaseline(baseline, "gather", file),
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const series = (name: string, of: readonly number[]): Series => ({
      name,
      unit: "MB/s",
      values: of,
    });
    const finding = ratioFinding(
      {
        measure: `upload of ${sizeText(effort.fileBytes)}, verified and synced`,
        product: series("contentlib", values.product),
        baseline: series("bare Node, pipeline of 1 MiB, synced", values.pipeline),
        beside: [series("bare Node, tuned gather loop, synced", values.gather)],
        note: `sent by ${transferClient}`,
      },
      { sign: ">=", limit: 0.9 },
    );
    const tls = reportedFinding({
      measure: `the same upload of ${sizeText(effort.fileBytes)} over TLS`,
      product: series("contentlib over TLS", values.secured),
      baseline: series("contentlib", values.product),
      note: `sent by ${transferClient}`,
    });
    return [finding, tls];
  },
};
