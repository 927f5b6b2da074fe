import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of the endpoints that take and give the bytes of files. */
export const TRANSFER_FAULTS = {
  "transfer.unknown_endpoint": {
    class: "not_found",
    id: "contentlib.transfer.unknown_endpoint",
    text: "This address is no transfer endpoint, or its session or file is gone.",
    retry: "never",
  },
  "transfer.session_ended": {
    class: "not_allowed_in_current_state",
    id: "contentlib.transfer.session_ended",
    text: "The session of this endpoint is in the {0} state and takes no bytes.",
    retry: "never",
  },
  "transfer.completion_pending": {
    class: "not_allowed_in_current_state",
    id: "contentlib.transfer.completion_pending",
    text: "The session of this endpoint was completed at {0} and takes no more bytes: it ends by itself once the files have come that are still being pulled.",
    retry: "never",
  },
  "transfer.superseded": {
    class: "not_allowed_in_current_state",
    id: "contentlib.transfer.superseded",
    text: "The transfer of {0} was superseded by a newer writer.",
    retry: "never",
  },
  "transfer.cut": {
    class: "not_allowed_in_current_state",
    id: "contentlib.transfer.cut",
    text: "The transfer of {0} was cut: {1}.",
    retry: "never",
  },
  "transfer.offset_mismatch": {
    class: "not_allowed_in_current_state",
    id: "contentlib.transfer.offset_mismatch",
    text: "The bytes for {0} begin at {2}, but {1} are here: go on from there. Nothing was changed.",
    retry: "never",
  },
  "transfer.length_mismatch": {
    class: "invalid_argument",
    id: "contentlib.transfer.length_mismatch",
    text: "File {0} has {1} bytes, but the request goes by {2}. Nothing was changed.",
    retry: "never",
  },
  "transfer.chunk_mismatch": {
    class: "invalid_argument",
    id: "contentlib.transfer.chunk_mismatch",
    text: "The bytes for {0} were sent with {1} {2}, but those that came have {3}; they were dropped, send them again.",
    retry: "never",
  },
  "transfer.protocol_refused": {
    class: "invalid_argument",
    id: "contentlib.transfer.protocol_refused",
    text: "The request can not be taken as part of a resumable upload: {0}. Nothing was changed.",
    retry: "never",
  },
  "transfer.range_refused": {
    class: "invalid_argument",
    id: "contentlib.transfer.range_refused",
    text: "An upload can only go on with a Content-Range that begins where the received bytes end, not with {0}. Nothing was changed.",
    retry: "never",
  },
  "transfer.size_mismatch": {
    class: "invalid_argument",
    id: "contentlib.transfer.size_mismatch",
    text: "File {0} was declared with {1} bytes, but {2} were {3}.",
    retry: "never",
  },
  "transfer.checksum_mismatch": {
    class: "invalid_argument",
    id: "contentlib.transfer.checksum_mismatch",
    text: "File {0} was declared with {1} {2}, but the received bytes have {3}.",
    retry: "never",
  },
  "transfer.interrupted": {
    class: "invalid_argument",
    id: "contentlib.transfer.interrupted",
    text: "The transfer of {0} broke off; {1} bytes are here. Go on from there, or send the file again from its first byte.",
    retry: "later",
  },
  "transfer.pull_failed": {
    class: "resource_inaccessible",
    id: "contentlib.transfer.pull_failed",
    text: "File {0} can not be pulled from {1}: {2} Mend that, and add the file again.",
    retry: "never",
  },
  "transfer.unsupported_body": {
    class: "invalid_argument",
    id: "contentlib.transfer.unsupported_body",
    text: "The body of the upload can not be taken: {0}.",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;
