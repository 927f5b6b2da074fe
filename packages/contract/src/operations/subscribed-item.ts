import { flag, nothing, optional, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.subscribed_item";
const itemId = text("Id of the item.");

/** The items of subscribed libraries. */
export const SUBSCRIBED_ITEM_OPERATIONS = {
  "subscribedItem.evict": {
    id: "subscribedItem.evict",
    service,
    method: "evict",
    summary:
      "Gives up the stored bytes of an item whose library fetches on demand; the item stays and can be fetched again.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.EvictLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({ library_item_id: itemId }),
    output: nothing,
    faults: [
      "invalid_element_configuration",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "unsupported",
    ],
  },
  "subscribedItem.sync": {
    id: "subscribedItem.sync",
    service,
    method: "sync",
    summary:
      "Begins to bring an item up to what its publisher has now, and does not wait for the end.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.SyncLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item_id" },
    },
    input: parameters({
      library_item_id: itemId,
      force_sync_content: flag(
        "Whether to fetch the files too, where the library fetches on demand.",
      ),
      sync_optional_files: optional(
        flag("Whether to fetch files that the item can do without; false when absent."),
      ),
    }),
    output: nothing,
    faults: ["invalid_element_type", "not_allowed_in_current_state", "not_found", "unsupported"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
