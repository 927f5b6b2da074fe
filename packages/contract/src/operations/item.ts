import {
  itemCopySpec,
  itemCreateSpec,
  itemDestinationSpec,
  itemFindSpec,
  itemModel,
  itemUpdateSpec,
} from "../models/item.ts";
import { flag, listOf, nothing, of, optional, parameters, text, uuid } from "../models/schema.ts";
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
    right: {
      privilege: "ContentLibrary.AddLibraryItem",
      role: "editor",
      on: { kind: "library", parameter: "create_spec.library_id" },
    },
    input: parameters({
      client_token: optional(uuid("A UUID of your own; the same one again answers the same item.")),
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
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item_id" },
    },
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
    right: {
      privilege: "ContentLibrary.UpdateLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({ library_item_id: itemId, update_spec: of(itemUpdateSpec, "The changes.") }),
    output: nothing,
    faults: [
      "already_exists",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "resource_busy",
    ],
  },
  "item.delete": {
    id: "item.delete",
    service,
    method: "delete",
    summary: "Deletes an item and ends its sessions; it is gone at once, its bytes follow.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DeleteLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
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
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "library_id" },
    },
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
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "spec.library_id", whenAbsent: "anything" },
    },
    input: parameters({ spec: of(itemFindSpec, "What to look for.") }),
    output: listOf(itemId, "Ids of the items, oldest first."),
    faults: [],
  },
  "item.copy": {
    id: "item.copy",
    service,
    method: "copy",
    summary:
      "Makes a new item with the files that another one has now, and answers the id of the new one.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.AddLibraryItem",
      role: "editor",
      on: { kind: "library", parameter: "destination_create_spec.library_id" },
      also: [
        {
          privilege: "System.Read",
          role: "viewer",
          on: { kind: "item", parameter: "source_library_item_id" },
        },
      ],
    },
    input: parameters({
      client_token: optional(uuid("A UUID of your own; the same one again answers the same copy.")),
      source_library_item_id: text("Id of the item to copy."),
      destination_create_spec: of(itemCopySpec, "What the copy is made of."),
    }),
    output: itemId,
    faults: [
      "already_exists",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "resource_inaccessible",
    ],
  },
  "item.publish": {
    id: "item.publish",
    service,
    method: "publish",
    summary:
      "Begins to push an item of a published library to its subscriptions, and does not wait for the end.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.PublishLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({
      library_item_id: itemId,
      force_sync_content: flag(
        "Whether subscribers that fetch on demand are to fetch the files too.",
      ),
      subscriptions: optional(
        listOf(
          itemDestinationSpec,
          "The subscriptions to serve; all of them when absent or empty.",
        ),
      ),
    }),
    output: nothing,
    faults: [
      "error",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "unsupported",
    ],
  },
} as const satisfies Readonly<Record<string, Operation>>;
