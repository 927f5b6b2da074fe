import { itemChangeInfo, itemChangeSummary } from "../models/item-change.ts";
import { listOf, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item.changes";
const itemId = text("Id of the item.");

/** The history of the files of an item. */
export const ITEM_CHANGE_OPERATIONS = {
  "itemChange.list": {
    id: "itemChange.list",
    service,
    method: "list",
    summary: "Lists the completed changes to the files of an item, as far back as they are kept.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item" },
    },
    input: parameters({ library_item: itemId }),
    output: listOf(itemChangeSummary, "The changes, newest first."),
    faults: ["error", "not_found"],
  },
  "itemChange.get": {
    id: "itemChange.get",
    service,
    method: "get",
    summary: "Shows the change that made one content version of an item.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item" },
    },
    input: parameters({
      library_item: itemId,
      version: text("The content version that the change made, a decimal number."),
    }),
    output: itemChangeInfo,
    faults: ["error", "not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
