import { ACCESS_FAULTS } from "./access-faults.ts";
import type { FaultEntry } from "./fault-entry.ts";
import { ITEM_FAULTS } from "./item-faults.ts";

export type { FaultEntry } from "./fault-entry.ts";

/**
 * Every expected error of the product. The key is the fault's identity; message ids seen of real servers are used as they are
 * (`com.vmware...`), all others begin with `contentlib.`.
 */
export const FAULTS = {
  "request.malformed": {
    class: "invalid_argument",
    id: "contentlib.request.malformed",
    text: "The request body can not be read: {0}.",
    retry: "never",
  },
  "request.plain_http": {
    class: "invalid_argument",
    id: "contentlib.request.plain_http",
    text: "This port speaks TLS: use https:// instead of http://.",
    retry: "never",
  },
  "request.invalid_member": {
    class: "invalid_argument",
    id: "contentlib.request.invalid_member",
    text: "The value of {0} is not valid: {1}.",
    retry: "never",
  },
  "request.missing_member": {
    class: "invalid_argument",
    id: "contentlib.request.missing_member",
    text: "The required member {0} is missing.",
    retry: "never",
  },
  "request.conflicting_values": {
    class: "invalid_argument",
    id: "contentlib.request.conflicting_values",
    text: "The request gives {0} twice, with different values.",
    retry: "never",
  },
  "request.tolerance_refused": {
    class: "invalid_argument",
    id: "contentlib.request.tolerance_refused",
    text: "This server is strict: {0}.",
    retry: "never",
  },
  "request.too_large": {
    class: "invalid_argument",
    id: "contentlib.request.too_large",
    text: "The request body is longer than the {0} bytes a command may have.",
    retry: "never",
  },
  "request.unsupported_property": {
    class: "unexpected_input",
    id: "com.vmware.vapi.rest.unsupported_property",
    text: "Unsupported property with name: {0}.",
    retry: "never",
  },
  "request.no_such_operation": {
    class: "operation_not_found",
    id: "contentlib.request.no_such_operation",
    text: "There is no operation {0}.",
    retry: "never",
  },
  "request.no_such_service": {
    class: "operation_not_found",
    id: "vapi.method.input.invalid.interface",
    text: "Cannot find service '{0}'.",
    retry: "never",
  },
  "server.internal": {
    class: "internal_server_error",
    id: "contentlib.server.internal",
    text: "The server failed to answer request {0}; its log says more under that id.",
    retry: "never",
  },
  "server.unavailable": {
    class: "service_unavailable",
    id: "contentlib.server.unavailable",
    text: "The server can not answer now: {0}. Try again in {1} s.",
    retry: "later",
  },
  "server.storage_full": {
    class: "unable_to_allocate_resource",
    id: "contentlib.server.storage_full",
    text: "The storage has no room left for {0}. Free some space, then send it again.",
    retry: "later",
  },
  "login.required": {
    class: "unauthenticated",
    id: "com.vmware.vapi.endpoint.method.authentication.required",
    text: "Authentication required.",
    retry: "never",
  },
  "login.first": {
    class: "unauthenticated",
    id: "contentlib.login.first",
    text: "The header Authorization is for logging in only: send it to POST {0} first, then make the call with what that answers in the header vmware-api-session-id.",
    retry: "never",
  },
  "login.refused": {
    class: "unauthenticated",
    id: "contentlib.login.refused",
    text: "The login was refused.",
    retry: "never",
  },
  "login.conflicting": {
    class: "unauthenticated",
    id: "contentlib.login.conflicting",
    text: "The header vmware-api-session-id and the security context of the call name different logins.",
    retry: "never",
  },
  "login.unknown_scheme": {
    class: "unauthenticated",
    id: "contentlib.login.unknown_scheme",
    text: "This call can not be made with the security scheme {0}: log in with com.vmware.vapi.std.security.user_pass, then call with com.vmware.vapi.std.security.session_id.",
    retry: "never",
  },
  "login.cross_site": {
    class: "unauthorized",
    id: "contentlib.login.cross_site",
    text: "A request that changes something or opens a stream, and logs in by cookie, was sent from another site ({0}), and is refused. Send the header vmware-api-session-id instead.",
    retry: "never",
  },
  "login.busy": {
    class: "service_unavailable",
    id: "contentlib.login.busy",
    text: "Too many logins wait to be checked. Try again in {0} s.",
    retry: "later",
  },
  ...ACCESS_FAULTS,
  "metadata.not_found": {
    class: "not_found",
    id: "contentlib.metadata.not_found",
    text: "The description of the services holds no {0}.",
    retry: "never",
  },
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
  ...ITEM_FAULTS,
  "security_policy.not_found": {
    class: "not_found",
    id: "contentlib.security_policy.not_found",
    text: "There is no security policy {0}.",
    retry: "never",
  },
  "security_policy.content_refused": {
    class: "not_allowed_in_current_state",
    id: "contentlib.security_policy.content_refused",
    text: "This server can not verify signatures of OVF packages, so the security policy {0} ({1}) of library {2} refuses every change to the files of items of type {3}. Take the policy from the library, or use another library.",
    retry: "never",
  },
  "trusted_certificate.not_found": {
    class: "not_found",
    id: "contentlib.trusted_certificate.not_found",
    text: "There is no trusted certificate {0}.",
    retry: "never",
  },
  "trusted_certificate.invalid": {
    class: "invalid_argument",
    id: "contentlib.trusted_certificate.invalid",
    text: "The cert_text must be one PEM block that holds an X.509 certificate: {0}.",
    retry: "never",
  },
  "configuration.invalid_property": {
    class: "invalid_argument",
    id: "contentlib.configuration.invalid_property",
    text: "The {0} of the configuration is not valid: {1}.",
    retry: "never",
  },
  "find.no_criterion": {
    class: "invalid_argument",
    id: "contentlib.find.no_criterion",
    text: "Find needs at least one of {0}.",
    retry: "never",
  },
  "client_token.invalid": {
    class: "invalid_argument",
    id: "contentlib.client_token.invalid",
    text: "The client_token {0} is not a UUID.",
    retry: "never",
  },
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
    text: "This server does not pull files: add {0} with source_type PUSH and send its bytes to the upload_endpoint.",
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
  "transfer.unsupported_body": {
    class: "invalid_argument",
    id: "contentlib.transfer.unsupported_body",
    text: "The body of the upload can not be taken: {0}.",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;

/** The identity of a fault. */
export type FaultCode = keyof typeof FAULTS;

/** A fault as a value: its code and the positional arguments of its text. Domain functions return it. */
export interface FaultValue {
  readonly fault: FaultCode;
  readonly args: readonly string[];
}

/** A fault value of the given code. */
export const faultOf = (code: FaultCode, ...args: readonly string[]): FaultValue => ({
  fault: code,
  args,
});

/** Tells a fault from any other outcome of a domain function. */
export const isFault = (outcome: unknown): outcome is FaultValue =>
  typeof outcome === "object" && outcome !== null && "fault" in outcome;

/** One entry of an error's message stack, as it stands on every wire (structure `LocalizableMessage`). */
export interface Message {
  readonly id: string;
  readonly default_message: string;
  readonly args: readonly string[];
}

/** The text of a fault with its arguments filled in. */
export const messageOf = (value: FaultValue): Message => {
  const entry: FaultEntry = FAULTS[value.fault];
  const text = entry.text.replace(
    /\{(\d+)\}/g,
    (hole, index: string) => value.args[Number(index)] ?? hole,
  );
  return { id: entry.id, default_message: text, args: value.args };
};
