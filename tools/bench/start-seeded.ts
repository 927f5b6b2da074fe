import type { Bench } from "./bench.ts";
import { type Product, startProductIn } from "./product.ts";
import { seed, type SeededItem, type SeedSize } from "./seed.ts";

/** A server on a catalog that is full from the start. */
export interface SeededProduct {
  readonly product: Product;
  readonly items: readonly SeededItem[];
}

/** A first start makes the account that the seed belongs to. */
export async function startSeeded(
  { scratch, nodeFlags }: Bench,
  size: SeedSize,
): Promise<SeededProduct> {
  const folder = scratch.folder("seeded");
  const first = await startProductIn(folder, []);
  await first[Symbol.asyncDispose]();
  const items = await seed(first.dataDirectory, size);
  return { product: await startProductIn(folder, nodeFlags), items };
}
