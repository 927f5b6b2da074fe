import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { runJob } from "./child.ts";
import { absoluteFinding } from "./finding.ts";
import { Api, startProduct } from "./product.ts";
import type { ReadsJob, ReadsResult } from "./reads-job.ts";

const JOB_TIMEOUT_MS = 300_000;
/** Of the files of a package, how many are no disks: a manifest and a descriptor. */
const METADATA_FILES = 2;

/** A package of so many files, all sent: their names are in the order in which a server wants them. */
async function sendPackage(api: Api, count: number): Promise<string> {
  const libraryId = await api.createLibrary("packages");
  const itemId = await api.createItem(libraryId, "package", "ovf");
  const disks = Array.from({ length: count - METADATA_FILES }, (_, n) => [
    `disk-${n}.vmdk`,
    `${n}`,
  ]);
  const files = Object.entries(packageFiles({ disks: Object.fromEntries(disks) }));
  const { sessionId, urls } = await api.openUploads(
    itemId,
    files.map(([name]) => name),
  );
  for (const [at, [, body]] of files.entries()) {
    const response = await fetch(urls[at] ?? "", { method: "PUT", body });
    if (!response.ok) throw new Error(`A file was answered ${String(response.status)}.`);
  }
  return sessionId;
}

/** Validating a session of many files again and again. */
export const validate: Measure = {
  name: "validate",
  async run(bench: Bench) {
    const { effort } = bench;
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const sessionId = await sendPackage(api, effort.smallFiles);
    const { url, login } = api;
    const request = {
      method: "POST",
      url: `${url}/api/content/library/item/update-session/${sessionId}/file?action=validate`,
    } as const;
    const requests = Array.from({ length: effort.readsPerRound }, () => request);
    const job: ReadsJob = { url, login, kinds: [{ name: "validate", requests }] };
    const p99 = async (): Promise<number> => {
      const [times] = await runJob<ReadsResult>("reads-job", job, JOB_TIMEOUT_MS);
      if (times === undefined) throw new Error("A job tells of each kind.");
      return times.p99Ms;
    };
    const samples = { product: p99 };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const finding = absoluteFinding(
      {
        measure: `validate of a package of ${String(effort.smallFiles)} files, p99`,
        product: { name: "contentlib", unit: "ms", values: values.product },
        note: "descriptor, manifest and disks, all sent; one after the other on one connection",
      },
      { sign: "<=", limit: 20 },
    );
    return [finding];
  },
};
