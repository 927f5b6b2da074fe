import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of libraries, and of the subscriptions between them. */
export const LIBRARY_FAULTS = {
  "library.not_found": {
    class: "not_found",
    id: "contentlib.library.not_found",
    text: "There is no library {0}.",
    retry: "never",
  },
  "library.datastore_not_found": {
    class: "not_found",
    id: "contentlib.library.datastore_not_found",
    text: "There is no datastore {0} here. The setting CONTENTLIB_DATASTORES of this server names those that stand for its default place, which a storage backing of type OTHER without storage_uri means, too.",
    retry: "never",
  },
  "library.wrong_type": {
    class: "invalid_element_type",
    id: "contentlib.library.wrong_type",
    text: "Library {0} is of type {1}, and this operation needs one of type {2}.",
    retry: "never",
  },
  "library.invalid_property": {
    class: "invalid_argument",
    id: "contentlib.library.invalid_property",
    text: "The {0} of a library is not valid: {1}.",
    retry: "never",
  },
  "library.stale_version": {
    class: "concurrent_change",
    id: "contentlib.library.stale_version",
    text: "Library {0} is at version {1}, not {2}. Get it again and repeat the change.",
    retry: "never",
  },
  "library.stale_version_argument": {
    class: "invalid_argument",
    id: "contentlib.library.stale_version_argument",
    text: "Library {0} is at version {1}, not {2}. Get it again and repeat the change.",
    retry: "never",
  },
  "library.unsupported": {
    class: "unsupported",
    id: "contentlib.library.unsupported",
    text: "This server does not support {0}.",
    retry: "never",
  },
  "library.not_published": {
    class: "not_allowed_in_current_state",
    id: "contentlib.library.not_published",
    text: "Library {0} is not published: update its publish_info with published true first.",
    retry: "never",
  },
  "library.not_on_demand": {
    class: "not_allowed_in_current_state",
    id: "contentlib.library.not_on_demand",
    text: "Library {0} keeps all its files, because its subscription_info has on_demand false, and so can not give any up.",
    retry: "never",
  },
  "subscription.not_found": {
    class: "not_found",
    id: "contentlib.subscription.not_found",
    text: "Library {0} has no subscription {1}.",
    retry: "never",
  },
  "subscription.already_exists": {
    class: "already_exists",
    id: "contentlib.subscription.already_exists",
    text: "Subscribed library {0} already follows library {1}, by subscription {2}.",
    retry: "never",
  },
  "subscription.invalid_property": {
    class: "invalid_argument",
    id: "contentlib.subscription.invalid_property",
    text: "The {0} of a subscription is not valid: {1}.",
    retry: "never",
  },
  "subscription.invalid_url": {
    class: "invalid_argument",
    id: "com.vmware.vdcs.cls-main.invalid_url_format",
    text: "Invalid URL format for {0}",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;
