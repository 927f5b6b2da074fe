import {
  libraryModel,
  subscribedLibraryCreateSpec,
  subscribedLibraryUpdateSpec,
} from "../models/library.ts";
import { listOf, nothing, of, optional, parameters, text, uuid } from "../models/schema.ts";
import { probeResult, subscriptionSpec } from "../models/subscription-info.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.subscribed_library";
const libraryId = text("Id of the subscribed library.");
const byId = parameters({ library_id: libraryId });

/** Libraries that follow a published one. */
export const SUBSCRIBED_LIBRARY_OPERATIONS = {
  "subscribedLibrary.create": {
    id: "subscribedLibrary.create",
    service,
    method: "create",
    summary: "Makes a subscribed library and answers its id.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.CreateSubscribedLibrary",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({
      client_token: optional(
        uuid("A UUID of your own; the same one again answers the same library."),
      ),
      create_spec: of(subscribedLibraryCreateSpec, "What the library is made of."),
    }),
    output: libraryId,
    faults: ["not_found", "resource_inaccessible", "unsupported"],
  },
  "subscribedLibrary.list": {
    id: "subscribedLibrary.list",
    service,
    method: "list",
    summary: "Lists the ids of the subscribed libraries.",
    effect: "safe",
    right: { privilege: "System.Read", role: "viewer", on: { kind: "anything" } },
    input: parameters({}),
    output: listOf(libraryId, "Ids of the subscribed libraries, oldest first."),
    faults: [],
  },
  "subscribedLibrary.get": {
    id: "subscribedLibrary.get",
    service,
    method: "get",
    summary: "Shows a subscribed library.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "library_id" },
    },
    input: byId,
    output: libraryModel,
    faults: ["invalid_element_type", "not_found"],
  },
  "subscribedLibrary.update": {
    id: "subscribedLibrary.update",
    service,
    method: "update",
    summary: "Changes the properties of a subscribed library; absent members stay as they are.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateSubscribedLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: parameters({
      library_id: libraryId,
      update_spec: of(subscribedLibraryUpdateSpec, "The changes."),
    }),
    output: nothing,
    faults: [
      "concurrent_change",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "resource_busy",
      "resource_inaccessible",
      "unsupported",
    ],
  },
  "subscribedLibrary.delete": {
    id: "subscribedLibrary.delete",
    service,
    method: "delete",
    summary:
      "Deletes a subscribed library with all its items; it is gone at once, its bytes follow.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DeleteSubscribedLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: byId,
    output: nothing,
    faults: ["invalid_element_type", "not_found", "resource_busy"],
  },
  "subscribedLibrary.evict": {
    id: "subscribedLibrary.evict",
    service,
    method: "evict",
    summary:
      "Gives up the stored bytes of a library that fetches on demand; its items stay and can be fetched again.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.EvictSubscribedLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: byId,
    output: nothing,
    faults: ["invalid_element_type", "not_allowed_in_current_state", "not_found", "unsupported"],
  },
  "subscribedLibrary.sync": {
    id: "subscribedLibrary.sync",
    service,
    method: "sync",
    summary:
      "Begins to bring a library up to what its publisher has now, and does not wait for the end.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.SyncLibrary",
      role: "administrator",
      on: { kind: "library", parameter: "library_id" },
    },
    input: byId,
    output: nothing,
    faults: [
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "resource_inaccessible",
      "unsupported",
    ],
  },
  "subscribedLibrary.probe": {
    id: "subscribedLibrary.probe",
    service,
    method: "probe",
    summary: "Tries whether a publisher can be followed, and changes nothing.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.ProbeSubscription",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({ subscription_info: of(subscriptionSpec, "The publisher to try.") }),
    output: probeResult,
    faults: ["unsupported"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
