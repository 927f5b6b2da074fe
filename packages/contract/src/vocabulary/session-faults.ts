import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of update sessions and download sessions, and of the files in them. */
export const SESSION_FAULTS = {
  "update_session.not_found": {
    class: "not_found",
    id: "contentlib.update_session.not_found",
    text: "There is no update session {0}.",
    retry: "never",
  },
  "update_session.expired": {
    class: "not_found",
    id: "contentlib.update_session.expired",
    text: "There is no update session {0}: it expired at {1}, after {2} s without activity. Create a new one; keep-alive and arriving bytes extend its life.",
    retry: "never",
  },
  "update_session.busy": {
    class: "resource_busy",
    id: "contentlib.update_session.busy",
    text: "Item {0} already has an active update session {1} of {2}, which expires at {3}.",
    retry: "later",
  },
  "update_session.invalid_state": {
    class: "not_allowed_in_current_state",
    id: "contentlib.invalid_session_state",
    text: "The operation {0} can not be invoked when the update session is in the {1} state. Reason: {2}",
    retry: "never",
  },
  "update_session.not_updatable": {
    class: "invalid_argument",
    id: "contentlib.update_session.not_updatable",
    text: "The {0} of an update session can not be changed; update changes warning_behavior only.",
    retry: "never",
  },
  "update_session.invalid_warning_behavior": {
    class: "invalid_argument",
    id: "contentlib.update_session.invalid_warning_behavior",
    text: "The warning_behavior is not valid: {0}.",
    retry: "never",
  },
  "update_session.unsupported_item": {
    class: "not_allowed_in_current_state",
    id: "contentlib.update_session.unsupported_item",
    text: "Library item {0} is of type {1}, whose content is not made of files.",
    retry: "never",
  },
  "update_session.no_such_file": {
    class: "invalid_argument",
    id: "contentlib.update_session.no_such_file",
    text: "Update session {0} has no file named {1}.",
    retry: "never",
  },
  "update_session.invalid_file": {
    class: "invalid_argument",
    id: "contentlib.update_session.invalid_file",
    text: "The {0} of the file is not valid: {1}.",
    retry: "never",
  },
  "update_session.too_many_files": {
    class: "not_allowed_in_current_state",
    id: "contentlib.update_session.too_many_files",
    text: "Update session {0} already has {1} files, and an item can not hold more.",
    retry: "never",
  },
  "update_session.pull_unsupported": {
    class: "unsupported",
    id: "contentlib.update_session.pull_unsupported",
    text: "This server pulls no files of its own machine: give the http or https address of {0}, add it with source_type PUSH, or have the operator open a directory by CONTENTLIB_PULL_DIRECTORIES.",
    retry: "never",
  },
  "update_session.file_not_received": {
    class: "not_allowed_in_current_state",
    id: "com.vmware.vdcs.cls-main.update_session_file_not_received",
    text: "File {0} has transfer errors or has not been fully received yet (status: {1}). {2}",
    retry: "later",
  },
  "client_progress.invalid": {
    class: "invalid_argument",
    id: "contentlib.client_progress.invalid",
    text: "The client_progress must be an integer from 0 to 100, not {0}.",
    retry: "never",
  },
  "download_session.not_found": {
    class: "not_found",
    id: "contentlib.download_session.not_found",
    text: "There is no download session {0}.",
    retry: "never",
  },
  "download_session.expired": {
    class: "not_found",
    id: "contentlib.download_session.expired",
    text: "There is no download session {0}: it expired at {1}, after {2} s without activity. Create a new one.",
    retry: "never",
  },
  "download_session.invalid_state": {
    class: "not_allowed_in_current_state",
    id: "contentlib.download_session.invalid_state",
    text: "The operation {0} can not be invoked when the download session is in the {1} state.",
    retry: "never",
  },
  "download_session.no_such_file": {
    class: "invalid_argument",
    id: "contentlib.download_session.no_such_file",
    text: "Download session {0} has no file named {1}.",
    retry: "never",
  },
  "download_session.no_direct_endpoint": {
    class: "invalid_argument",
    id: "contentlib.download_session.no_direct_endpoint",
    text: "File {0} lies in the default place of this server, which has no address of its own: prepare it with endpoint_type HTTPS.",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;
