import { itemCreateSpec, itemFindSpec, itemModel, itemUpdateSpec } from "../models/item.ts";
import { listOf, nothing, of, optional, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.item";
const itemId = text("Id of the item.");

/** The items of a library. */
export const ITEM_OPERATIONS = {
  "item.create": {
    id: "item.create",
    service,
    method: "create",
    summary: "Makes an item without files in a library and answers its id.",
    effect: "once",
    input: parameters({
      client_token: optional(text("A UUID of your own; the same one again answers the same item.")),
      create_spec: of(itemCreateSpec, "What the item is made of."),
    }),
    output: itemId,
    faults: ["already_exists", "invalid_element_type", "not_allowed_in_current_state", "not_found"],
  },
  "item.get": {
    id: "item.get",
    service,
    method: "get",
    summary: "Shows an item.",
    effect: "safe",
    input: parameters({ library_item_id: itemId }),
    output: itemModel,
    faults: ["not_found"],
  },
  "item.update": {
    id: "item.update",
    service,
    method: "update",
    summary: "Changes the properties of an item; absent members stay as they are.",
    effect: "idempotent",
    input: parameters({ library_item_id: itemId, update_spec: of(itemUpdateSpec, "The changes.") }),
    output: nothing,
    faults: ["already_exists", "invalid_element_type", "not_found", "resource_busy"],
  },
  "item.delete": {
    id: "item.delete",
    service,
    method: "delete",
    summary: "Deletes an item and ends its sessions; it is gone at once, its bytes follow.",
    effect: "idempotent",
    input: parameters({ library_item_id: itemId }),
    output: nothing,
    faults: ["invalid_element_type", "not_allowed_in_current_state", "not_found", "resource_busy"],
  },
  "item.list": {
    id: "item.list",
    service,
    method: "list",
    summary: "Lists the ids of the items of a library.",
    effect: "safe",
    input: parameters({ library_id: text("Id of the library.") }),
    output: listOf(itemId, "Ids of the items, oldest first."),
    faults: ["not_found"],
  },
  "item.find": {
    id: "item.find",
    service,
    method: "find",
    summary: "Lists the ids of the items that fit everything given; something must be given.",
    effect: "safe",
    input: parameters({ spec: of(itemFindSpec, "What to look for.") }),
    output: listOf(itemId, "Ids of the items, oldest first."),
    faults: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
