import { api } from "../api.ts";
import type { OperationBindings } from "../binding.ts";

/** How the facts of items travel. */
export const ITEM_FACT_BINDINGS = {
  "itemFact.get": { api: api.get(`${api.OURS}/items/{library_item}/facts`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
