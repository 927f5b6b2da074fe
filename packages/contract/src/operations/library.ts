import { libraryFindSpec, libraryModel, libraryUpdateSpec } from "../models/library.ts";
import { listOf, nothing, of, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library";
const libraryId = text("Id of the library.");
const libraryIds = listOf(libraryId, "Ids of the libraries, oldest first.");

/** What goes for libraries of every kind. */
export const LIBRARY_OPERATIONS = {
  "library.list": {
    id: "library.list",
    service,
    method: "list",
    summary: "Lists the ids of all libraries, of whatever kind.",
    effect: "safe",
    right: { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
    input: parameters({}),
    output: libraryIds,
    faults: [],
  },
  "library.get": {
    id: "library.get",
    service,
    method: "get",
    summary: "Shows a library of any kind.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({ library_id: libraryId }),
    output: libraryModel,
    faults: ["not_found"],
  },
  "library.update": {
    id: "library.update",
    service,
    method: "update",
    summary:
      "Changes the properties that libraries of all kinds have; absent members stay as they are.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({
      library_id: libraryId,
      update_spec: of(libraryUpdateSpec, "The changes."),
    }),
    output: nothing,
    faults: ["not_found", "unsupported", "resource_busy"],
  },
  "library.delete": {
    id: "library.delete",
    service,
    method: "delete",
    summary:
      "Deletes a library of any kind with all its items; it is gone at once, its bytes follow.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DeleteLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({ library_id: libraryId }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found", "resource_busy"],
    origin: "later",
  },
  "library.find": {
    id: "library.find",
    service,
    method: "find",
    summary: "Lists the ids of the libraries that fit everything given; something must be given.",
    effect: "safe",
    right: { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
    input: parameters({ spec: of(libraryFindSpec, "What to look for.") }),
    output: libraryIds,
    faults: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
