import { itemFacts } from "../models/item-facts.ts";
import { parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

/** What is known of the content of an item beyond its files. */
export const ITEM_FACT_OPERATIONS = {
  "itemFact.get": {
    id: "itemFact.get",
    service: "contentlib.items.facts",
    method: "get",
    summary:
      "Shows what was found out about the present content of an item: who signed it, and what its descriptor or its images say.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item" },
    },
    input: parameters({ library_item: text("Id of the item.") }),
    output: itemFacts,
    faults: ["not_found"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
