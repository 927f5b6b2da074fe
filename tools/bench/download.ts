import { join } from "node:path";
import { startBaseline } from "./baseline.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding } from "./finding.ts";
import { Api, startProduct } from "./product.ts";
import { fetchAway, sendFile, transferClient } from "./transfer.ts";

/** Where the store keeps a blob: the bare server reads the very same file. */
const blobPath = (dataDirectory: string, sha256: string): string =>
  join(dataDirectory, "store", "blobs", "sha256", sha256.slice(0, 2), sha256.slice(2, 4), sha256);

export const download: Measure = {
  name: "download",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const file = scratch.randomFile(effort.fileBytes);
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const [itemId = ""] = await api.createItems(1);
    const { sessionId, url } = await api.openUpload(itemId, file.sha256);
    await sendFile(file.path, url);
    await api.act(sessionId, "complete");
    await using bare = await startBaseline({
      folder: scratch.folder("baseline"),
      file: blobPath(product.dataDirectory, file.sha256),
    });
    const address = await api.openDownload(itemId);
    const rate = async (from: string): Promise<number> =>
      file.sizeBytes / (await fetchAway(from)) / 1e6;
    const samples = { product: () => rate(address), bare: () => rate(`${bare.url}/file`) };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = ratioFinding(
      {
        measure: `download of ${sizeText(effort.fileBytes)}`,
        product: { name: "contentlib", unit: "MB/s", values: values.product },
        baseline: { name: "bare Node piping the same file", unit: "MB/s", values: values.bare },
        note: `read by ${transferClient}`,
      },
      { sign: ">=", limit: 0.9 },
    );
    return [finding];
  },
};
