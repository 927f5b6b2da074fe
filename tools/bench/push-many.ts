import type { BarePutsJob } from "./bare-puts-job.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { runJob } from "./child.ts";
import { ratioFinding } from "./finding.ts";
import { Api, PASSWORD, startProduct } from "./product.ts";
import type { PushFilesJob } from "./push-files-job.ts";
import { settleDisk } from "./transfer.ts";

const LIBRARY = "pushed";
const FILE_BYTES = 10_000;
/** As many as the client for programs sends at a time by itself. */
const PARALLEL = 4;
const JOB_TIMEOUT_MS = 300_000;

/** Many small files pushed into a new item, against nothing but their bytes sent to addresses made beforehand. */
export const pushMany: Measure = {
  name: "push-many",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const count = effort.smallFiles;
    await using product = await startProduct(bench);
    const { url } = product;
    const api = await Api.open(url);
    const libraryId = await api.createLibrary(LIBRARY);
    let items = 0;
    const byPush = async (): Promise<number> => {
      const item = `item ${String((items += 1))}`;
      const files = scratch.smallFiles(count, FILE_BYTES);
      const way = { url, password: PASSWORD, library: LIBRARY, item };
      const job: PushFilesJob = { ...way, files, parallel: PARALLEL };
      await settleDisk();
      const seconds = await runJob<number>("push-files-job", job, JOB_TIMEOUT_MS);
      await api.deleteItem(await api.findItem(libraryId, item));
      return seconds;
    };
    const itemId = await api.createItem(libraryId, "bare");
    const byPuts = async (): Promise<number> => {
      const files = scratch.smallFiles(count, FILE_BYTES);
      const { sessionId, urls } = await api.openUploads(
        itemId,
        files.map(({ name }) => name),
      );
      const puts = files.map(({ path }, at) => ({ path, url: urls[at] ?? "" }));
      const job: BarePutsJob = { puts, parallel: PARALLEL };
      await settleDisk();
      const seconds = await runJob<number>("bare-puts-job", job, JOB_TIMEOUT_MS);
      await api.act(sessionId, "cancel");
      return seconds;
    };
    const samples = { product: byPush, bare: byPuts };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = ratioFinding(
      {
        measure: `push of ${String(count)} files of 10 kB into a new item`,
        product: { name: "client.push", unit: "s", values: values.product },
        baseline: {
          name: `bare PUTs to addresses made beforehand, ${String(PARALLEL)} at a time as well`,
          unit: "s",
          values: values.bare,
        },
      },
      { sign: "<=", limit: 3 },
    );
    return [finding];
  },
};
