import { type Bench, inTurn, type Measure } from "./bench.ts";
import { absoluteFinding } from "./finding.ts";
import { startProduct } from "./product.ts";

/** Milliseconds from the start of the process until it says where it listens; by then `/readyz` must agree. */
async function startOnce(bench: Bench): Promise<number> {
  const startedMs = performance.now();
  await using product = await startProduct(bench);
  const readyMs = performance.now() - startedMs;
  const { ok } = await fetch(`${product.url}/readyz`);
  if (!ok) throw new Error("The server says that it is ready and is not.");
  return readyMs;
}

export const start: Measure = {
  name: "start",
  async run(bench: Bench) {
    const samples = { product: () => startOnce(bench) };
    await inTurn(1, samples);
    const values = await inTurn(bench.effort.rounds, samples);
    const finding = absoluteFinding(
      {
        measure: "start to ready, empty data directory",
        product: { name: "contentlib", unit: "ms", values: values.product },
      },
      { sign: "<=", limit: 1_000 },
    );
    return [finding];
  },
};
