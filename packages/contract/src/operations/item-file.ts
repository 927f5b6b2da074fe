import { itemFileInfo } from "../models/item.ts";
import { listOf, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item.file";
const itemId = text("Id of the item.");

/** The files of an item as they stand. */
export const ITEM_FILE_OPERATIONS = {
  "itemFile.list": {
    id: "itemFile.list",
    service,
    method: "list",
    summary: "Lists the files of an item.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({ library_item_id: itemId }),
    output: listOf(itemFileInfo, "The files of the item."),
    faults: ["not_found"],
  },
  "itemFile.get": {
    id: "itemFile.get",
    service,
    method: "get",
    summary: "Shows one file of an item.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({ library_item_id: itemId, name: text("Name of the file.") }),
    output: itemFileInfo,
    faults: ["not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
