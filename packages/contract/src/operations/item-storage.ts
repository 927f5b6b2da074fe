import { itemStorageInfo } from "../models/item.ts";
import { listOf, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item.storage";
const itemId = text("Id of the item.");

/** Where the files of an item are stored. */
export const ITEM_STORAGE_OPERATIONS = {
  "itemStorage.list": {
    id: "itemStorage.list",
    service,
    method: "list",
    summary: "Lists where the files of an item are stored.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.ReadStorage",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({ library_item_id: itemId }),
    output: listOf(itemStorageInfo, "One entry for each file of the item."),
    faults: ["not_found"],
  },
  "itemStorage.get": {
    id: "itemStorage.get",
    service,
    method: "get",
    summary: "Shows where one file of an item is stored, as a list.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.ReadStorage",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({ library_item_id: itemId, file_name: text("Name of the file.") }),
    output: listOf(itemStorageInfo, "Where the file is stored; one entry."),
    faults: ["not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
