import {
  libraryDestinationSpec,
  libraryModel,
  localLibraryCreateSpec,
  localLibraryUpdateSpec,
} from "../models/library.ts";
import { listOf, nothing, of, optional, parameters, text, uuid } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.local_library";
const libraryId = text("Id of the local library.");

/** Libraries whose content is made here. */
export const LOCAL_LIBRARY_OPERATIONS = {
  "localLibrary.create": {
    id: "localLibrary.create",
    service,
    method: "create",
    summary: "Makes a local library and answers its id.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.CreateLocalLibrary",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({
      client_token: optional(
        uuid("A UUID of your own; the same one again answers the same library."),
      ),
      create_spec: of(localLibraryCreateSpec, "What the library is made of."),
    }),
    output: libraryId,
    faults: ["not_found", "unsupported"],
  },
  "localLibrary.list": {
    id: "localLibrary.list",
    service,
    method: "list",
    summary: "Lists the ids of the local libraries.",
    effect: "safe",
    right: { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
    input: parameters({}),
    output: listOf(libraryId, "Ids of the local libraries, oldest first."),
    faults: [],
  },
  "localLibrary.get": {
    id: "localLibrary.get",
    service,
    method: "get",
    summary: "Shows a local library.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({ library_id: libraryId }),
    output: libraryModel,
    faults: ["invalid_element_type", "not_found"],
  },
  "localLibrary.update": {
    id: "localLibrary.update",
    service,
    method: "update",
    summary: "Changes the properties of a local library; absent members stay as they are.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateLocalLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({
      library_id: libraryId,
      update_spec: of(localLibraryUpdateSpec, "The changes."),
    }),
    output: nothing,
    faults: [
      "concurrent_change",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "resource_busy",
      "unsupported",
    ],
  },
  "localLibrary.delete": {
    id: "localLibrary.delete",
    service,
    method: "delete",
    summary: "Deletes a local library with all its items; it is gone at once, its bytes follow.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DeleteLocalLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({ library_id: libraryId }),
    output: nothing,
    faults: ["invalid_element_type", "not_allowed_in_current_state", "not_found", "resource_busy"],
  },
  "localLibrary.publish": {
    id: "localLibrary.publish",
    service,
    method: "publish",
    summary:
      "Begins to push the content of a published library to its subscriptions, and does not wait for the end.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.PublishLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({
      library_id: libraryId,
      subscriptions: optional(
        listOf(
          libraryDestinationSpec,
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
