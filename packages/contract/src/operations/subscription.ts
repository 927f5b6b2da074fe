import { listOf, nothing, of, optional, parameters, text, uuid } from "../models/schema.ts";
import {
  subscriptionCreateSpec,
  subscriptionModel,
  subscriptionSummary,
  subscriptionUpdateSpec,
} from "../models/subscription.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.library.subscriptions";
const libraryId = text("Id of the published library.");
const subscriptionId = text("Id of the subscription.");
const byId = parameters({ library: libraryId, subscription: subscriptionId });

/** The subscribed libraries that a published library knows of, and pushes its content to. */
export const SUBSCRIPTION_OPERATIONS = {
  "subscription.create": {
    id: "subscription.create",
    service,
    method: "create",
    summary:
      "Lets a subscribed library, new or there already, follow a published one, and answers the id of the subscription.",
    effect: "once",
    right: {
      privilege: "ContentLibrary.AddSubscription",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
      // The subscribed library is changed; one that is not named is made.
      also: [
        {
          privilege: "ContentLibrary.UpdateSubscribedLibrary",
          role: "administrator",
          on: {
            kind: "library",
            parameter: "spec.subscribed_library.subscribed_library",
            whenAbsent: "everything",
          },
        },
      ],
    },
    input: parameters({
      client_token: optional(
        uuid("A UUID of your own; the same one again answers the same subscription."),
      ),
      library: libraryId,
      spec: of(subscriptionCreateSpec, "What the subscription is made of."),
    }),
    output: subscriptionId,
    faults: [
      "already_exists",
      "error",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "resource_inaccessible",
      "unsupported",
    ],
  },
  "subscription.list": {
    id: "subscription.list",
    service,
    method: "list",
    summary: "Lists the subscriptions of a published library.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    input: parameters({ library: libraryId }),
    output: listOf(subscriptionSummary, "The subscriptions, oldest first."),
    faults: ["error", "invalid_element_type", "not_allowed_in_current_state", "not_found"],
  },
  "subscription.get": {
    id: "subscription.get",
    service,
    method: "get",
    summary: "Shows a subscription of a published library.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    input: byId,
    output: subscriptionModel,
    faults: ["error", "invalid_element_type", "not_allowed_in_current_state", "not_found"],
  },
  "subscription.update": {
    id: "subscription.update",
    service,
    method: "update",
    summary: "Changes a subscription of a published library; absent members stay as they are.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateSubscription",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    input: parameters({
      library: libraryId,
      subscription: subscriptionId,
      spec: of(subscriptionUpdateSpec, "The changes."),
    }),
    output: nothing,
    faults: [
      "error",
      "invalid_element_type",
      "not_allowed_in_current_state",
      "not_found",
      "resource_inaccessible",
      "unsupported",
    ],
  },
  "subscription.delete": {
    id: "subscription.delete",
    service,
    method: "delete",
    summary: "Ends a subscription; the subscribed library stays with what it has.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DeleteSubscription",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    input: byId,
    output: nothing,
    faults: ["error", "invalid_element_type", "not_allowed_in_current_state", "not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
