import { statSync } from "node:fs";
import { archiveOf } from "./archive.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding } from "./finding.ts";
import { Api, startProduct } from "./product.ts";
import { sendFile, settleDisk, transferClient } from "./transfer.ts";

/** The same bytes as an archive that is looked into, and as a plain file. */
export const pushOva: Measure = {
  name: "push-ova",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const path = archiveOf(scratch.randomFile(effort.fileBytes));
    const sizeBytes = statSync(path).size;
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const libraryId = await api.createLibrary("archives");
    const rateInto = async (type: string): Promise<() => Promise<number>> => {
      const itemId = await api.createItem(libraryId, `as ${type}`, type);
      return async () => {
        const { sessionId, url } = await api.openUpload(itemId, undefined, "x.ova");
        await settleDisk();
        const seconds = await sendFile(path, url);
        await api.act(sessionId, "cancel");
        return sizeBytes / seconds / 1e6;
      };
    };
    const samples = { product: await rateInto("ovf"), plain: await rateInto("file") };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = ratioFinding(
      {
        measure: `upload of an OVA of ${sizeText(effort.fileBytes)} with a manifest, every member judged`,
        product: { name: "contentlib, item of type ovf", unit: "MB/s", values: values.product },
        baseline: {
          name: "the same bytes as a plain file",
          unit: "MB/s",
          values: values.plain,
        },
        note: `sent by ${transferClient}`,
      },
      { sign: ">=", limit: 0.8 },
    );
    return [finding];
  },
};
