import { type Bench, inTurn, type Measure } from "./bench.ts";
import { logInAt, runCommand } from "./command-run.ts";
import { sizeText } from "./effort.ts";
import { ratioFinding, skippedFinding } from "./finding.ts";
import { Api, startProduct } from "./product.ts";
import { sendFile, settleDisk, transferClient } from "./transfer.ts";

const LIBRARY = "pushed";

/** A file pushed by the command line into a new item, against the same bytes sent to an address made beforehand. */
export const push: Measure = {
  name: "push",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const measure = `contentlib push of ${sizeText(effort.fileBytes)} into a new item`;
    if (!scratch.isSourceInMemory)
      return [skippedFinding(measure, "there is no room in memory for what is sent")];
    await using product = await startProduct(bench);
    const env = await logInAt(product);
    const api = await Api.open(product.url);
    const libraryId = await api.createLibrary(LIBRARY);
    const rate = (seconds: number): number => effort.fileBytes / seconds / 1e6;
    let items = 0;
    const byCommand = async (): Promise<number> => {
      const name = `item ${String((items += 1))}`;
      const path = scratch.unseenFile(effort.fileBytes);
      await settleDisk();
      const { seconds } = await runCommand(["push", path, `${LIBRARY}/${name}`], { env });
      await api.deleteItem(await api.findItem(libraryId, name));
      return rate(seconds);
    };
    const itemId = await api.createItem(libraryId, "bare");
    const byCurl = async (): Promise<number> => {
      const path = scratch.unseenFile(effort.fileBytes);
      const { sessionId, url } = await api.openUpload(itemId);
      await settleDisk();
      const seconds = await sendFile(path, url);
      await api.act(sessionId, "cancel");
      return rate(seconds);
    };
    const samples = { product: byCommand, bare: byCurl };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = ratioFinding(
      {
        measure,
        product: { name: "contentlib push", unit: "MB/s", values: values.product },
        baseline: {
          name: `${transferClient === "curl" ? "curl -T" : "a bare PUT"} to an address made beforehand`,
          unit: "MB/s",
          values: values.bare,
        },
        note: "the command from the start of its process to its end, hashing and completing included",
      },
      { sign: ">=", limit: 0.8 },
    );
    return [finding];
  },
};
