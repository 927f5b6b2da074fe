import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of library items, their files and their changes. */
export const ITEM_FAULTS = {
  "item.not_found": {
    class: "not_found",
    id: "contentlib.item.not_found",
    text: "There is no library item {0}.",
    retry: "never",
  },
  "item.wrong_type": {
    class: "invalid_element_type",
    id: "contentlib.item.wrong_type",
    text: "Library item {0} belongs to library {1} of type {2}, and this operation needs one of type {3}.",
    retry: "never",
  },
  "item.name_taken": {
    class: "already_exists",
    id: "com.vmware.vdcs.cls-main.duplicate_item_name_unsupported_in_library",
    text: "Library {1} ({2}) already has an item named {0}.",
    retry: "never",
  },
  "item.name_taken_by_draft": {
    class: "already_exists",
    id: "contentlib.item.name_taken_by_draft",
    text: "Library {1} ({2}) already has an item named {0}, which has no content yet: update session {3} of {4} is still open. Complete or cancel that session, or create the item again when it has expired, at {5} unless something is done with it.",
    retry: "later",
  },
  "item.invalid_property": {
    class: "invalid_argument",
    id: "contentlib.item.invalid_property",
    text: "The {0} of a library item is not valid: {1}.",
    retry: "never",
  },
  "item.stale_version": {
    class: "invalid_argument",
    id: "contentlib.item.stale_version",
    text: "Library item {0} is at version {1}, not {2}. Get it again and repeat the change.",
    retry: "never",
  },
  "item.type_fixed": {
    class: "invalid_argument",
    id: "contentlib.item.type_fixed",
    text: "The type of library item {0} can not be changed from {1} while the item has files.",
    retry: "never",
  },
  "item.no_such_file": {
    class: "not_found",
    id: "contentlib.item.no_such_file",
    text: "Library item {0} has no file named {1}.",
    retry: "never",
  },
  "item.no_such_change": {
    class: "not_found",
    id: "contentlib.item.no_such_change",
    text: "Library item {0} has no change that made content version {1}, or it is no longer kept.",
    retry: "never",
  },
  "item.invalid_change_message": {
    class: "invalid_argument",
    id: "contentlib.item.invalid_change_message",
    text: "What {0} says of the change can not be kept: {1}.",
    retry: "never",
  },
  "item.version_not_kept": {
    class: "not_found",
    id: "contentlib.item.version_not_kept",
    text: "Library item {0} keeps no content version {1}; it keeps {2}.",
    retry: "never",
  },
  "item.no_version_before": {
    class: "not_found",
    id: "contentlib.item.no_version_before",
    text: "Library item {0} keeps no content version before the present one, which is {1}.",
    retry: "never",
  },
  "item.version_is_present": {
    class: "not_allowed_in_current_state",
    id: "contentlib.item.version_is_present",
    text: "Content version {1} is what library item {0} holds now: there is nothing to roll back.",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;
