import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of fetching from other servers; most of them stand in answers, and refuse nothing. */
export const REMOTE_FAULTS = {
  "remote.unsupported_scheme": {
    class: "unsupported",
    id: "com.vmware.vdcs.cls-main.file_probe_unsupported_uri_scheme",
    text: "The specified URI {0} is not supported",
    retry: "never",
  },
  "remote.request_failed": {
    class: "resource_inaccessible",
    id: "com.vmware.vdcs.cls-main.http_request_error",
    text: "HTTP request error: {0}",
    retry: "later",
  },
  "remote.peer_not_authenticated": {
    class: "resource_inaccessible",
    id: "com.vmware.vdcs.cls-main.http_request_error_peer_not_authenticated",
    text: "HTTP request error: {0}",
    retry: "never",
  },
  "remote.file_unreadable": {
    class: "resource_inaccessible",
    id: "contentlib.remote.file_unreadable",
    text: "The file can not be read: {0}",
    retry: "never",
  },
  "remote.probed_too_often": {
    class: "service_unavailable",
    id: "contentlib.remote.probed_too_often",
    text: "So many addresses were tried for you in a short time that the next has to wait. Try again in {0} s.",
    retry: "later",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;
