import { itemVersionInfo } from "../models/item-version.ts";
import { optional, parameters, text, uuid } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "contentlib.items.versions";
const itemId = text("Id of the item.");
const version = text("The content version, a decimal number.");

/** The content versions of an item that are kept. */
export const ITEM_VERSION_OPERATIONS = {
  "itemVersion.get": {
    id: "itemVersion.get",
    service,
    method: "get",
    summary: "Shows a content version of an item that is kept, with its files.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "item", parameter: "library_item" },
    },
    input: parameters({ library_item: itemId, version }),
    output: itemVersionInfo,
    faults: ["not_found"],
    origin: "ours",
  },
  "itemVersion.download": {
    id: "itemVersion.download",
    service,
    method: "download",
    summary:
      "Opens a download session on a content version of an item that is kept, and answers its id; from there on it is like any other.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.DownloadSession",
      role: "viewer",
      on: { kind: "item", parameter: "library_item" },
    },
    input: parameters({
      client_token: optional(
        uuid("A UUID of your own; the same one again answers the same session."),
      ),
      library_item: itemId,
      version,
    }),
    output: text("Id of the download session."),
    faults: ["not_found"],
    origin: "ours",
  },
  "itemVersion.rollback": {
    id: "itemVersion.rollback",
    service,
    method: "rollback",
    summary:
      "Gives an item the files of a content version that is kept, as a new one, and answers the new content version; no bytes move.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.UpdateLibraryItem",
      role: "editor",
      on: { kind: "item", parameter: "library_item" },
    },
    input: parameters({
      client_token: optional(
        uuid("A UUID of your own; the same one again answers the same content version."),
      ),
      library_item: itemId,
      version: optional(
        text("The content version whose files are wanted; the one before the present when absent."),
      ),
      message: optional(
        text(
          "What is said of the change: at most 1000 characters, with no control characters but line feeds and tabs.",
        ),
      ),
    }),
    output: text("The content version that was made, a decimal number."),
    faults: ["invalid_element_type", "not_allowed_in_current_state", "not_found", "resource_busy"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
