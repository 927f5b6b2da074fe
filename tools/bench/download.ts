import { join } from "node:path";
import { startBaseline } from "./baseline.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding, reportedFinding } from "./finding.ts";
import { Api, startProduct, startTlsProduct } from "./product.ts";
import type { SourceFile } from "./scratch.ts";
import { fetchAway, sendFile, transferClient } from "./transfer.ts";

/** Where the store keeps a blob: the bare server reads the very same file. */
const blobPath = (dataDirectory: string, sha256: string): string =>
  join(dataDirectory, "store", "blobs", "sha256", sha256.slice(0, 2), sha256.slice(2, 4), sha256);

/** Puts the file into an item of the server, and answers an address under which it can be read. */
async function offer(
  server: { readonly url: string; readonly ca?: string },
  file: SourceFile,
): Promise<string> {
  const api = await Api.open(server.url);
  const [itemId = ""] = await api.createItems(1);
  const { sessionId, url } = await api.openUpload(itemId, file.sha256);
  await sendFile(file.path, url, server.ca);
  await api.act(sessionId, "complete");
  return await api.openDownload(itemId);
}

export const download: Measure = {
  name: "download",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const file = scratch.randomFile(effort.fileBytes);
    await using product = await startProduct(bench);
    await using secured = await startTlsProduct(bench);
    const address = await offer(product, file);
    const securedAddress = await offer(secured, file);
    await using bare = await startBaseline({
      folder: scratch.folder("baseline"),
      file: blobPath(product.dataDirectory, file.sha256),
    });
    const rate = async (from: string, ca?: string): Promise<number> =>
      file.sizeBytes / (await fetchAway(from, ca)) / 1e6;
    const samples = {
      product: () => rate(address),
      secured: () => rate(securedAddress, secured.ca),
      bare: () => rate(`${bare.url}/file`),
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const own = { name: "contentlib", unit: "MB/s", values: values.product };
    const finding = ratioFinding(
      {
        measure: `download of ${sizeText(effort.fileBytes)}`,
        product: own,
        baseline: { name: "bare Node piping the same file", unit: "MB/s", values: values.bare },
        note: `read by ${transferClient}`,
      },
      { sign: ">=", limit: 0.9 },
    );
    const tls = reportedFinding({
      measure: `the same download of ${sizeText(effort.fileBytes)} over TLS`,
      product: { name: "contentlib over TLS", unit: "MB/s", values: values.secured },
      baseline: own,
      note: `read by ${transferClient}`,
    });
    return [finding, tls];
  },
};
